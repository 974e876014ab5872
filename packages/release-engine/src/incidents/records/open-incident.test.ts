import { setImmediate } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { openIncident } from "./open-incident.ts";
import { reopenIncident } from "./reopen-incident.ts";
import { resolveIncident } from "./resolve-incident.ts";
import { IncidentLab, jane, joe, opening, STARTED, signalOf } from "./test/incident-lab.ts";

const good = { status: "successful", reason: "0 % of 900 requests fail, and 1 % may", numbers: {} } as const;

let lab: IncidentLab;

beforeEach(() => {
  lab = new IncidentLab();
});

describe("openIncident", () => {
  it("opens one for fifty detectors that see the same at the same moment", async () => {
    lab.table.step = () => setImmediate();
    const writes = await Promise.all(
      Array.from({ length: 50 }, (_, n) =>
        openIncident(lab.ledger(), opening({ by: { name: `detector ${n}` }, signals: [signalOf("errors api")] })),
      ),
    );
    expect(new Set(writes.map(({ record }) => record.id))).toEqual(new Set(["i1"]));
    expect(writes.filter(({ entry }) => entry !== undefined)).toHaveLength(1);
    expect(await lab.types()).toEqual(["opened"]);
  });

  it("opens one each for causes that have nothing in common, at the same moment, too", async () => {
    lab.table.step = () => setImmediate();
    const ids = await Promise.all(
      ["a", "b", "c", "a", "b", "c"].map(async (id) => {
        const { record } = await openIncident(lab.ledger(), opening({ title: id, signals: [signalOf(id)] }));
        return record.id;
      }),
    );
    expect(ids.slice(0, 3)).toEqual(ids.slice(3));
    expect((await lab.records()).map(({ id }) => id)).toEqual(["i1", "i2", "i3"]);
  });

  it("opens none while the ledger is written by a release", async () => {
    const held = await lab.ledger().take({ id: "x", actor: joe, host: "h", pid: 1, command: "slipway deploy prod" });
    await openIncident(lab.ledger(), opening());
    await held.append({
      ...{ by: joe, release: null },
      body: { type: "waiver.given", waiver: { check: "a.b", by: "Joe", reason: "because", expires: "2027-01-01" } },
    });
    expect(await lab.types()).toEqual(["lease.taken", "opened", "waiver.given"]);
  });

  it("takes what the same person says twice for one, and what another says for another", async () => {
    const said = opening({ openedBy: "person", signals: [], by: jane });
    await openIncident(lab.ledger(), said);
    expect((await openIncident(lab.ledger(), said)).entry).toBeUndefined();
    await openIncident(lab.ledger(), { ...said, by: joe });
    expect(await lab.records()).toHaveLength(2);
  });

  it("lets the caller say which one is the same", async () => {
    await openIncident(lab.ledger(), opening());
    const other = opening({ signals: [signalOf("latency function")] });
    expect((await openIncident(lab.ledger(), { ...other, isSame: ({ id }) => id === "i1" })).record.id).toBe("i1");
    expect((await openIncident(lab.ledger(), other)).record.id).toBe("i2");
  });

  it("opens none for what was measured before it was resolved, and another for what was measured since", async () => {
    await openIncident(lab.ledger(), opening());
    const seenAt = new Date(lab.clock.now()).toISOString();
    lab.minutes(1);
    await resolveIncident(lab.ledger(), { by: jane, incident: "i1", verdict: good, resolvedAt: STARTED });
    expect((await openIncident(lab.ledger(), opening({ seenAt }))).record.id).toBe("i1");
    expect(
      (await reopenIncident(lab.ledger(), { by: joe, incident: "i1", signals: [], reason: "back", seenAt })).entry,
    ).toBeUndefined();
    lab.minutes(1);
    expect((await openIncident(lab.ledger(), opening())).record.id).toBe("i2");
  });
});
