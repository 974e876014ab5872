import { incidentConfigSchema, type Severity } from "@slipway/contracts";
import { beforeEach, describe, expect, it } from "vitest";
import { acknowledgeIncident } from "./acknowledge-incident.ts";
import { classifyIncident } from "./classify-incident.ts";
import { escalateOverdue } from "./escalate-overdue.ts";
import { openIncident } from "./open-incident.ts";
import { reopenIncident } from "./reopen-incident.ts";
import { resolveIncident } from "./resolve-incident.ts";
import { responseClock } from "./response-clock.ts";
import { IncidentLab, jane, joe, opening, STARTED } from "./test/incident-lab.ts";

const config = incidentConfigSchema.parse({});
const good = { status: "successful", reason: "0 % of 900 requests fail, and 1 % may", numbers: {} } as const;

let lab: IncidentLab;

beforeEach(() => {
  lab = new IncidentLab();
});

const open = (severity: Severity) => openIncident(lab.ledger(), opening({ severity }));
const classify = (severity: Severity) =>
  classifyIncident(lab.ledger(), {
    ...{ by: jane, incident: "i1", severity, reasons: ["it is so"], classifiedBy: "person" },
  });
const acknowledge = () => acknowledgeIncident(lab.ledger(), { by: joe, incident: "i1" });
const escalate = () => escalateOverdue(lab.ledger(), { by: jane, config, now: lab.clock.now() });

/** `due 15`: minutes after the beginning. */
async function stands(): Promise<string> {
  const [record] = await lab.records();
  if (record === undefined) throw new Error("there is one");
  const { state, dueAt } = responseClock(record, config, lab.clock.now());
  return `${state} ${(Date.parse(dueAt) - Date.parse(STARTED)) / 60_000}`;
}

describe("responseClock", () => {
  it.each<[Severity, number]>([
    [1, 5],
    [2, 15],
    [3, 60],
    [4, 1_440],
  ])("gives people the time of severity %i: %i min", async (severity, minutes) => {
    await open(severity);
    lab.minutes(minutes - 1);
    expect(await stands()).toBe(`due ${minutes}`);
    lab.minutes(1);
    expect(await stands()).toBe(`overdue ${minutes}`);
    await escalate();
    expect(await stands()).toBe(`escalated ${minutes}`);
    await acknowledge();
    expect(await stands()).toBe(`acknowledged ${minutes}`);
  });

  it("gives less time when it gets worse, and never more than there was", async () => {
    await open(3);
    lab.minutes(10);
    await classify(2);
    expect(await stands()).toBe("due 25");
    lab.minutes(2);
    await classify(1);
    expect(await stands()).toBe("due 17");
    await classify(2);
    expect(await stands()).toBe("due 25");
    await classify(4);
    expect(await stands()).toBe("due 1440");
    lab.minutes(47);
    await classify(3);
    expect(await stands()).toBe("due 119");
  });

  it("keeps what was due before where that is earlier", async () => {
    await open(3);
    lab.minutes(55);
    await classify(2);
    expect(await stands()).toBe("due 60");
  });

  it("gives what is milder than was thought the time that it has from the beginning", async () => {
    await open(1);
    lab.minutes(4);
    await classify(3);
    expect(await stands()).toBe("due 60");
  });

  it("asks again when it is worse than what was acknowledged, and not when it is as bad again", async () => {
    await open(2);
    await acknowledge();
    lab.minutes(30);
    await classify(3);
    await classify(2);
    expect(await stands()).toBe("acknowledged 15");
    await classify(1);
    expect(await stands()).toBe("due 35");
    await acknowledge();
    expect(await lab.records()).toMatchObject([{ state: "acknowledged", acknowledgedAt: STARTED }]);
  });

  it("begins anew when it comes back, and stands still while it is over", async () => {
    await open(2);
    await acknowledge();
    lab.minutes(60);
    await resolveIncident(lab.ledger(), { by: jane, incident: "i1", verdict: good, resolvedAt: STARTED });
    expect(await stands()).toBe("stopped 15");
    await classify(1);
    lab.minutes(60);
    expect(await stands()).toMatch(/^stopped/);
    expect(await escalate()).toEqual([]);
    await reopenIncident(lab.ledger(), { by: jane, incident: "i1", signals: [], reason: "it is back" });
    expect(await stands()).toBe("due 125");
  });

  it("counts by how much it was late", async () => {
    await open(2);
    lab.minutes(20);
    await acknowledge();
    lab.minutes(60);
    const [record] = await lab.records();
    expect(record && responseClock(record, config, lab.clock.now())).toMatchObject({ lateMs: 300_000, leftMs: 0 });
  });
});

describe("escalateOverdue", () => {
  it("writes one level a period until it is acknowledged, each once whoever looks how often", async () => {
    await open(2);
    const levels: number[] = [];
    for (let minute = 0; minute <= 47; minute += 1) {
      const written = (await Promise.all([escalate(), escalate()])).flat();
      levels.push(...written.map(() => minute));
      lab.minutes(1);
    }
    expect(levels).toEqual([15, 30, 45]);
    await acknowledge();
    lab.minutes(100);
    expect(await escalate()).toEqual([]);
    expect(await lab.records()).toMatchObject([{ escalations: 3 }]);
  });

  it("goes on by the longer periods of what is milder than was thought", async () => {
    await open(1);
    for (let minute = 0; minute < 96; minute += 5) {
      lab.minutes(5);
      await escalate();
    }
    await classify(3);
    expect(await lab.records()).toMatchObject([{ escalations: 20 }]);
    expect(await escalate()).toEqual([]);
    const [record] = await lab.records();
    const next = record && responseClock(record, config, lab.clock.now()).nextEscalationAt;
    lab.minutes(20);
    const [write] = await escalate();

    expect(write?.entry?.body).toMatchObject({ type: "incident.escalated", level: 21, dueAt: next });
  });

  it("goes on after nobody has looked for hours, with one word about all of them", async () => {
    await open(2);
    lab.minutes(15 + 15 * 9 + 3);
    const [write, ...others] = await escalate();
    expect(others).toEqual([]);
    expect(write?.entry?.body).toMatchObject({
      ...{ type: "incident.escalated", level: 10, dueAt: "2026-01-01T02:30:00.000Z" },
      reason: "nobody has acknowledged it; it was due 138 min ago, at 2026-01-01T00:15:00.000Z",
    });
  });
});
