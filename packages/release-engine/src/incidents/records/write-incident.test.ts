import { setImmediate } from "node:timers/promises";
import { incidentConfigSchema } from "@slipway/contracts";
import { beforeEach, describe, expect, it } from "vitest";
import { createAnnouncer } from "../../notifications/create-announcer.ts";
import type { Message } from "../../ports/notifier.ts";
import type { IncidentRecord } from "../incident-record.ts";
import { incidents } from "../incidents.ts";
import { acknowledgeIncident } from "./acknowledge-incident.ts";
import { assignRole } from "./assign-role.ts";
import { classifyIncident } from "./classify-incident.ts";
import { closeIncident } from "./close-incident.ts";
import { endAction } from "./end-action.ts";
import { escalateOverdue } from "./escalate-overdue.ts";
import { noteIncident } from "./note-incident.ts";
import { observeIncident } from "./observe-incident.ts";
import { openIncident } from "./open-incident.ts";
import { reopenIncident } from "./reopen-incident.ts";
import { resolveIncident } from "./resolve-incident.ts";
import { responseClock } from "./response-clock.ts";
import { startAction } from "./start-action.ts";
import { tellIncidents } from "./tell-incidents.ts";
import { IncidentLab, jane, joe, opening, STARTED, signalOf } from "./test/incident-lab.ts";
import type { IncidentLedger, IncidentWrite } from "./write-incident.ts";

const config = incidentConfigSchema.parse({});
const good = { status: "successful", reason: "0 % of 900 requests fail, and 1 % may", numbers: {} } as const;
const bad = { status: "failed", reason: "12 % of 900 requests fail, and 1 % may", numbers: {} } as const;
const impact = { from: STARTED, to: "2026-01-01T00:10:00.000Z", requests: 900, failed: 100, slow: 3, refused: null };
const hit = { ...impact, callers: null, badMinutes: 4 };
const about = { by: jane, incident: "i1" };
const rollback = { kind: "rollback-code", command: "slipway rollback prod", because: "r12 is bad" } as const;

let lab: IncidentLab;

beforeEach(() => {
  lab = new IncidentLab();
});

/** An incident from its opening to its end, each step as a process of its own would do it. */
const story: readonly ((ledger: IncidentLedger, now: number) => Promise<IncidentWrite | IncidentWrite[]>)[] = [
  (ledger) => openIncident(ledger, opening({ severity: 2 })),
  (ledger) => observeIncident(ledger, { ...about, signals: [signalOf("errors api"), signalOf("latency api")] }),
  (ledger) => classifyIncident(ledger, { ...about, severity: 1, reasons: ["97 % fail"], classifiedBy: "rule" }),
  (ledger, now) => escalateOverdue(ledger, { by: jane, config, now }),
  (ledger) => acknowledgeIncident(ledger, about),
  (ledger) => assignRole(ledger, { ...about, role: "commander", person: "Jane" }),
  (ledger) => noteIncident(ledger, { ...about, about: "root-cause", text: "r12 asks for an index that is not there" }),
  (ledger) => startAction(ledger, { ...about, ...rollback, automatic: false }),
  (ledger) => endAction(ledger, { ...about, action: "a1", outcome: "done", found: "r11 has it", release: "r13" }),
  (ledger) => noteIncident(ledger, { ...about, about: "update", text: "It is back" }),
  (ledger) => resolveIncident(ledger, { ...about, verdict: good, resolvedAt: STARTED, impact: hit }),
  (ledger) => closeIncident(ledger, { ...about, reason: "all is written down" }),
];

class Killed extends Error {}

interface Lived {
  readonly writes: number;
  readonly sent: readonly string[];
  readonly types: readonly string[];
  readonly records: readonly IncidentRecord[];
}

/** Tells the story; whoever is killed types the same again, or the next one does. */
async function live(killedAt?: number): Promise<Lived> {
  lab = new IncidentLab();
  const sent: string[] = [];
  const announcer = createAnnouncer({
    redactor: lab.redactor,
    notifiers: [
      {
        channel: "sns",
        moments: ["incident-opened", "incident-worse", "incident-update", "incident-mitigated", "incident-resolved"],
        send: async ({ moment }: Message) => void sent.push(moment),
      },
    ],
  });
  let writes = 0;
  lab.table.step = async (call, when) => {
    if (call !== "write") return;
    writes += 1;
    // Before it has its effect, and after it has: odd and even.
    if (writes === killedAt) throw new Killed(when);
  };
  let ledger = lab.ledger();
  for (const step of story) {
    lab.minutes(6);
    const run = async () => {
      const written = [await step(ledger, lab.clock.now())].flat();
      const ports = { ledger, announcer, clock: lab.clock };
      await tellIncidents(ports, { by: jane, flags: "", config, written });
    };
    await run().catch((error: unknown) => {
      if (!(error instanceof Killed)) throw error;
      ledger = lab.ledger();
      return run();
    });
  }
  lab.minutes(2);
  await tellIncidents({ ledger, announcer, clock: lab.clock }, { by: jane, flags: "", config });
  const entries = await ledger.read();
  const types = entries.map(({ body }) => body.type).filter((type) => type !== "notification.sent");
  return { writes, sent, types, records: incidents(entries) };
}

describe("an incident whose processes are killed", () => {
  it("at whichever write, before it arrives or after, is whole in the end, and its people are told", async () => {
    const { writes, sent, types: clean, records: whole } = await live();
    expect(whole).toMatchObject([{ id: "i1", state: "closed", severity: 1, actions: [{ id: "a1", state: "done" }] }]);
    expect(clean).toHaveLength(story.length);
    for (let n = 1; n <= writes; n += 1) {
      const { sent: told, types, records } = await live(n);
      expect(types, `killed at ${n} of ${writes}`).toEqual(clean);
      expect(records, `killed at ${n} of ${writes}`).toEqual(whole);
      expect(new Set(told), `killed at ${n} of ${writes}`).toEqual(new Set(sent));
      // Told and not written down: once more, which is better than not at all.
      expect(told.length - sent.length, `killed at ${n} of ${writes}`).toBeLessThanOrEqual(1);
    }
  });

  it("has clocks that go on, whoever looks at them", async () => {
    await openIncident(lab.ledger(), opening({ severity: 2 }));
    lab.table.step = async (call) => {
      if (call === "write") throw new Killed();
    };
    lab.minutes(16);
    const look = () => escalateOverdue(lab.ledger(), { by: joe, config, now: lab.clock.now() });
    await expect(look()).rejects.toThrow(Killed);
    lab.table.step = async () => {};
    lab.minutes(15);
    const [record] = await lab.records();
    expect(record && responseClock(record, config, lab.clock.now())).toMatchObject({
      ...{ state: "overdue", escalationsDue: 2, dueAt: "2026-01-01T00:15:00.000Z" },
    });
    expect((await look())[0]?.entry?.body).toMatchObject({ level: 2 });
  });
});

describe("two processes at the same moment", () => {
  it.each<[string, (ledger: IncidentLedger) => Promise<IncidentWrite>]>([
    ["observed", (ledger) => observeIncident(ledger, { ...about, signals: [signalOf("latency api")] })],
    [
      "classified",
      (ledger) => classifyIncident(ledger, { ...about, severity: 1, reasons: ["x"], classifiedBy: "rule" }),
    ],
    ["acknowledged", (ledger) => acknowledgeIncident(ledger, about)],
    ["noted", (ledger) => noteIncident(ledger, { ...about, about: "note", text: "seen" })],
    ["role", (ledger) => assignRole(ledger, { ...about, role: "scribe", person: "Joe" })],
    ["action-started", (ledger) => startAction(ledger, { ...about, ...rollback, automatic: true })],
    ["resolved", (ledger) => resolveIncident(ledger, { ...about, verdict: good, resolvedAt: STARTED })],
  ])("write %s once", async (type, write) => {
    await openIncident(lab.ledger(), opening());
    lab.table.step = () => setImmediate();
    const writes = await Promise.all(Array.from({ length: 5 }, () => write(lab.ledger())));
    expect(writes.filter(({ entry }) => entry !== undefined)).toHaveLength(1);
    expect(new Set(writes.map(({ record }) => JSON.stringify(record))).size).toBe(1);
    expect(await lab.types()).toEqual(["opened", type]);
  });
});

describe("the writers", () => {
  it("write what was seen only where it is news", async () => {
    const ledger = lab.ledger();
    await openIncident(ledger, opening({ signals: [signalOf("a", { value: 10 })] }));
    const look = async (...signals: ReturnType<typeof signalOf>[]) =>
      (await observeIncident(ledger, { ...about, signals })).entry !== undefined;
    expect(await look(signalOf("a", { value: 14, what: "14 % fail" }))).toBe(false);
    expect(await look(signalOf("a", { value: 21 }))).toBe(true);
    expect(await look(signalOf("a", { value: 10 }))).toBe(true);
    expect(await look(signalOf("a", { value: 10, version: "7" }))).toBe(true);
    expect(await look()).toBe(true);
    expect(await look()).toBe(false);
    expect(await look(signalOf("a", { value: 10 }))).toBe(true);
    const counted = (failed: number) =>
      observeIncident(ledger, { ...about, signals: [signalOf("a", { value: 10 })], impact: { ...hit, failed } });
    expect((await counted(100)).entry).toBeDefined();
    expect((await counted(150)).entry).toBeUndefined();
    expect((await counted(200)).record.impact?.failed).toBe(200);
    await resolveIncident(ledger, { ...about, verdict: good, resolvedAt: STARTED });
    expect(await look()).toBe(false);
  });

  it("let rules make it worse, and people say what it is", async () => {
    const ledger = lab.ledger();
    await openIncident(ledger, opening({ severity: 3 }));
    const say = async (classifiedBy: "rule" | "person", severity: 1 | 2 | 3 | 4) => {
      const { record } = await classifyIncident(ledger, { ...about, severity, reasons: [`${severity}`], classifiedBy });
      return `${record.severity} ${record.classifiedBy}`;
    };
    expect(await say("rule", 2)).toBe("2 rule");
    expect(await say("rule", 4)).toBe("2 rule");
    expect(await say("person", 4)).toBe("4 person");
    expect(await say("rule", 1)).toBe("4 person");
    const before = (await lab.types()).length;
    expect(await say("person", 4)).toBe("4 person");
    expect(await lab.types()).toHaveLength(before);
  });

  it("resolve nothing without good numbers or somebody's word, and close nothing that is not resolved", async () => {
    const ledger = lab.ledger();
    await openIncident(ledger, opening());
    const flags = " --local";
    await expect(closeIncident(ledger, { ...about, reason: "done", flags })).rejects.toMatchObject({
      ...{ kind: "conflict", next: "type slipway incident resolve prod i1 --local first" },
    });
    for (const status of ["failed", "inconclusive", "error"] as const) {
      const verdict = { ...bad, status };
      await expect(resolveIncident(ledger, { ...about, verdict, resolvedAt: STARTED, flags })).rejects.toMatchObject({
        what: "i1 is not over by its numbers",
        why: `they are ${status}: 12 % of 900 requests fail, and 1 % may`,
        next: expect.stringContaining("slipway incident resolve prod i1 --local --override 'WHY'"),
      });
    }
    const { record } = await resolveIncident(ledger, {
      ...{ ...about, verdict: bad, resolvedAt: STARTED, override: "it is the load test" },
    });
    expect(record).toMatchObject({
      state: "resolved",
      resolution: { verdict: bad, override: "it is the load test", by: "Jane", at: STARTED },
    });
    expect((await closeIncident(ledger, { ...about, reason: "done" })).record.state).toBe("closed");
    expect((await closeIncident(ledger, { ...about, reason: "done" })).entry).toBeUndefined();
    const back = await reopenIncident(ledger, { ...about, signals: [signalOf("errors api")], reason: "12 % again" });
    expect(back.record).toMatchObject({ state: "open", reopened: 1 });
    expect(back.record.resolution).toBeUndefined();
    expect((await reopenIncident(ledger, { ...about, signals: [], reason: "12 % again" })).entry).toBeUndefined();
  });

  it("begin an action once, and the same again when it has ended", async () => {
    const ledger = lab.ledger();
    await openIncident(ledger, opening());
    const start = () => startAction(ledger, { ...about, ...rollback, automatic: true });
    expect(await start()).toMatchObject({ action: { id: "a1", state: "running" }, entry: { sequence: 2 } });
    expect(await start()).toMatchObject({ action: { id: "a1" }, entry: undefined });
    const end = (action: string, outcome: "waits" | "failed" | "done") =>
      endAction(ledger, { ...about, action, outcome, found: "it is so" });
    await end("a1", "waits");
    expect((await end("a1", "failed")).record.actions).toMatchObject([{ state: "failed", found: "it is so" }]);
    expect((await end("a1", "done")).entry).toBeUndefined();
    expect(await start()).toMatchObject({ action: { id: "a2" } });
    await expect(end("a9", "done")).rejects.toMatchObject({ what: "i1 has no action a9", why: "it has a1, a2" });
  });

  it("say what there is instead of an incident that is not there", async () => {
    await expect(acknowledgeIncident(lab.ledger(), { ...about, flags: " --local" })).rejects.toMatchObject({
      ...{ kind: "usage", what: "prod has no incident i1", why: "none was ever opened there" },
      next: "look at what there is: slipway incident list prod --local",
    });
    await openIncident(lab.ledger(), opening());
    await expect(acknowledgeIncident(lab.ledger(), { ...about, incident: "i2" })).rejects.toMatchObject({
      why: "its last one is i1",
    });
  });

  it("write down nothing sensitive, wherever it stands", async () => {
    const secret = "hunter2-hunter2-hunter2";
    lab.redactor.learn(secret);
    const key = "AKIAIOSFODNN7EXAMPLE";
    const text = `${secret} and ${key}`;
    const ledger = lab.ledger();
    const sent: Message[] = [];
    const written = [
      await openIncident(ledger, opening({ title: text, reasons: [text], signals: [signalOf("a", { what: text })] })),
      await observeIncident(ledger, { ...about, signals: [signalOf("b", { what: text })] }),
      await classifyIncident(ledger, { ...about, severity: 1, reasons: [text], classifiedBy: "person" }),
      await noteIncident(ledger, { ...about, about: "update", text }),
      await assignRole(ledger, { ...about, role: "scribe", person: text }),
      await startAction(ledger, { ...about, ...rollback, because: text, command: text, automatic: false }),
      await endAction(ledger, { ...about, action: "a1", outcome: "done", found: text }),
      await resolveIncident(ledger, {
        ...about,
        verdict: { ...bad, reason: text },
        resolvedAt: STARTED,
        override: text,
      }),
      await reopenIncident(ledger, { ...about, signals: [], reason: text }),
    ];
    const notifier = {
      channel: "sns",
      moments: ["incident-update"] as const,
      send: async (m: Message) => void sent.push(m),
    };
    const announcer = createAnnouncer({ notifiers: [notifier], redactor: lab.redactor });
    await tellIncidents({ ledger, announcer, clock: lab.clock }, { by: { name: text }, flags: "", config, written });
    expect(written).toHaveLength(9);
    expect(sent).toHaveLength(1);
    const all = JSON.stringify([[...lab.table.entries.values()], sent]);
    expect(all).not.toContain(secret);
    expect(all).not.toContain(key);
  });
});
