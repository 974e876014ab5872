import type { Proposal } from "@slipway/contracts";
import { beforeEach, describe, expect, it } from "vitest";
import { ReleaseError } from "../../release-error.ts";
import { observeIncident } from "../records/observe-incident.ts";
import { openIncident } from "../records/open-incident.ts";
import { IncidentLab, jane, opening, signalOf } from "../records/test/incident-lab.ts";
import { automaticAction } from "./automatic-action.ts";
import { InvestigationMemory } from "./investigation-memory.ts";
import type { ActionEnd } from "./mitigate-incident.ts";
import { type Findings, respondToIncidents } from "./respond-to-incidents.ts";

const proposal: Proposal = {
  ...{ kind: "rollback-code", because: "r7 is to blame", safe: true },
  command: 'slipway rollback prod code --reason "i1: r7 is to blame"',
};
const allowed = { automatic: { open: true, rollback: true, unlock: true } };

let lab: IncidentLab;
let ran: string[];
let end: () => Promise<ActionEnd>;
let found: Findings;
let memory: InvestigationMemory;
let looked: number;

beforeEach(async () => {
  lab = new IncidentLab();
  memory = new InvestigationMemory();
  looked = 0;
  ran = [];
  end = async () => ({ outcome: "done", found: "r7 was put back", release: "r7" });
  found = { suspects: [], proposal, sources: [{ source: "logs", state: "too-late", durationMs: 5_000 }] };
  await openIncident(lab.ledger(), opening());
});

const respond = async (options: { automatic?: boolean; config?: typeof allowed } = {}) =>
  respondToIncidents(
    {
      ledger: lab.ledger(),
      async investigate() {
        looked += 1;
        return found;
      },
      now: () => lab.clock.now(),
      runner: {
        run: ({ command }) => {
          ran.push(command);
          return end();
        },
      },
    },
    { by: jane, automatic: true, config: allowed, seen: await lab.records(), memory, ...options },
  );

const record = async () => {
  const [first] = await lab.records();
  if (first === undefined) {
    throw new Error("there is no incident");
  }
  return first;
};

describe("respondToIncidents", () => {
  it("does what is safe, once, and writes down what was found and what came of it", async () => {
    await respond();
    await respond();

    expect(ran).toEqual([proposal.command]);
    expect(await record()).toMatchObject({
      proposal,
      actions: [
        { id: "a1", kind: "rollback-code", automatic: true, state: "done", found: "r7 was put back", release: "r7" },
      ],
    });
    expect((await lab.types()).filter((type) => type === "investigated")).toHaveLength(1);
  });

  it("names what is not safe, and leaves it to people", async () => {
    found = { ...found, proposal: { ...proposal, safe: false } };
    await respond();

    expect(ran).toEqual([]);
    expect(await record()).toMatchObject({ proposal: { kind: "rollback-code" }, actions: [] });
  });

  it("does nothing where people have kept it for themselves", async () => {
    await respond({ automatic: false });
    await respond({ config: { automatic: { ...allowed.automatic, rollback: false } } });
    expect(ran).toEqual([]);
  });

  it("does not try again what has not helped", async () => {
    end = async () => {
      throw new ReleaseError({ kind: "failed", what: "It did not go back", why: "no version", next: "look" });
    };
    await respond();
    await respond();

    expect(ran).toHaveLength(1);
    expect((await record()).actions).toMatchObject([{ state: "failed", found: "It did not go back: no version" }]);
  });

  it("goes on under the same number with what a killed process had begun, once nobody is at it any more", async () => {
    end = () => Promise.reject(new Error("killed"));
    await expect(respond()).rejects.toThrow("killed");
    expect((await record()).actions).toMatchObject([{ id: "a1", state: "running" }]);

    end = async () => ({ outcome: "done", found: "it was back already" });
    await respond();
    expect(ran).toHaveLength(1);
    lab.clock.advance(300_000);
    await respond();
    expect((await record()).actions).toMatchObject([{ id: "a1", state: "done" }]);
  });

  it("leaves what is begun begun where somebody else changes the environment", async () => {
    end = async () => {
      throw new ReleaseError({ kind: "busy", what: "prod is being changed by Joe", why: "a deploy", next: "wait" });
    };
    expect(await respond()).toMatchObject([{ incident: "i1", why: "prod is being changed by Joe: a deploy" }]);
    expect((await record()).actions).toMatchObject([{ state: "running" }]);
  });

  it("leaves alone what does not fire any more", async () => {
    await observeIncident(lab.ledger(), { by: jane, incident: "i1", signals: [] });
    expect(await respond()).toEqual([]);
    expect(ran).toEqual([]);
  });

  it("finds out at each look while it is young, then less and less often, and at once where something has changed", async () => {
    found = { ...found, proposal: { ...proposal, safe: false } };
    const watch = async (minutes: number) => {
      const before = looked;
      for (let minute = 0; minute < minutes; minute += 1) {
        await respond();
        lab.clock.advance(60_000);
      }
      return looked - before;
    };
    expect(await watch(15)).toBe(15);
    expect(await watch(24 * 60)).toBeLessThan(20);
    expect(await watch(1)).toBe(0);

    await observeIncident(lab.ledger(), { by: jane, incident: "i1", signals: [signalOf("alarm missing")] });
    await respond();
    const after = looked;
    await lab.ledger().append({ by: jane, release: "r8", body: { type: "release.putting-back", reason: "slow" } });
    await respond();
    expect(looked).toBe(after + 1);
  });

  it("reads nothing where the look has left nothing to answer", async () => {
    await observeIncident(lab.ledger(), { by: jane, incident: "i1", signals: [] });
    const seen = await lab.records();
    const ledger = Object.assign(lab.ledger(), { read: () => Promise.reject(new Error("it was read")) });
    const ports = { ledger, investigate: async () => found, now: () => lab.clock.now(), runner: { run: () => end() } };
    const request = { by: jane, automatic: true, config: allowed, seen, memory };
    expect(await respondToIncidents(ports, request)).toEqual([]);
  });

  it("says which could not be investigated, and goes on with the others", async () => {
    await openIncident(lab.ledger(), opening({ title: "Another", signals: [signalOf("alarm missing")] }));
    const broken = await respondToIncidents(
      {
        ledger: lab.ledger(),
        now: () => lab.clock.now(),
        runner: { run: () => end() },
        async investigate({ id }) {
          if (id === "i1") {
            throw new ReleaseError({ kind: "unreachable", what: "Nothing answered", why: "ECONNRESET", next: "look" });
          }
          return found;
        },
      },
      { by: jane, automatic: true, config: allowed, seen: await lab.records(), memory },
    );
    expect(broken).toMatchObject([
      { incident: "i1", why: "Nothing answered: ECONNRESET" },
      { incident: "i2", mitigated: { action: { state: "done" } } },
    ]);
  });
});

it("does nothing by itself about an incident that is over, or that nobody has looked into", async () => {
  const open = await record();
  expect(automaticAction(open, allowed, 0)).toBeUndefined();
  expect(automaticAction({ ...open, proposal }, allowed, 0)).toEqual(proposal);
  expect(automaticAction({ ...open, proposal, state: "resolved" }, allowed, 0)).toBeUndefined();
  expect(automaticAction({ ...open, proposal: { ...proposal, kind: "undo-data" } }, allowed, 0)).toBeUndefined();
});
