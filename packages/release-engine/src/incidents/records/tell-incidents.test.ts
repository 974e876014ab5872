import { type IncidentSignal, incidentConfigSchema, type Moment } from "@slipway/contracts";
import { beforeEach, describe, expect, it } from "vitest";
import { createAnnouncer } from "../../notifications/create-announcer.ts";
import { missedMessages } from "../../notifications/missed-messages.ts";
import type { Message } from "../../ports/notifier.ts";
import { acknowledgeIncident } from "./acknowledge-incident.ts";
import { classifyIncident } from "./classify-incident.ts";
import { endAction } from "./end-action.ts";
import { escalateOverdue } from "./escalate-overdue.ts";
import { noteIncident } from "./note-incident.ts";
import { openIncident } from "./open-incident.ts";
import { reopenIncident } from "./reopen-incident.ts";
import { resolveIncident } from "./resolve-incident.ts";
import { startAction } from "./start-action.ts";
import { tellIncidents } from "./tell-incidents.ts";
import { IncidentLab, jane, joe, opening, STARTED, signalOf } from "./test/incident-lab.ts";
import type { IncidentWrite } from "./write-incident.ts";

const config = incidentConfigSchema.parse({});
const good = { status: "successful", reason: "0 % of 900 requests fail, and 1 % may", numbers: {} } as const;

let lab: IncidentLab;
let sent: Message[];

beforeEach(() => {
  lab = new IncidentLab();
  sent = [];
});

function announcer(moments?: readonly Moment[]) {
  const all: readonly Moment[] = [
    ...(["incident-opened", "incident-worse", "incident-overdue"] as const),
    ...(["incident-update", "incident-mitigated", "incident-resolved"] as const),
  ];
  const notifier = { channel: "sns", moments: moments ?? all, send: async (each: Message) => void sent.push(each) };
  return createAnnouncer({ notifiers: [notifier], redactor: lab.redactor });
}

const tell = (...written: readonly IncidentWrite[]) =>
  tellIncidents(
    { ledger: lab.ledger(), announcer: announcer(), clock: lab.clock },
    { by: joe, flags: " --local", config, written },
  );
const titles = () => sent.splice(0).map(({ title }) => title);
const about = { by: jane, incident: "i1" };

describe("tellIncidents", () => {
  it("tells the whole story of an incident, each part of it once", async () => {
    const ledger = lab.ledger();
    await tell(await openIncident(ledger, opening()));
    expect(sent).toEqual([
      {
        ...{ moment: "incident-opened", environment: "prod", release: null, incident: "i1", entry: 1 },
        title: "i1 of prod (severity 3, medium): Orders fail",
        text: `2 % of 1,000 requests fail\nIt began at ${STARTED}.\n12 % of errors api fail, and 5 % may\nSomebody has to acknowledge it until 2026-01-01T01:00:00.000Z.`,
        next: "slipway incident ack prod i1 --local",
      },
    ]);
    titles();
    await tell(await classifyIncident(ledger, { ...about, severity: 1, reasons: ["97 % fail"], classifiedBy: "rule" }));
    expect(titles()).toEqual(["i1 of prod is worse (severity 1, critical): Orders fail"]);
    for (let minute = 0; minute < 12; minute += 1) {
      lab.minutes(1);
      await tell(...(await escalateOverdue(ledger, { by: joe, config, now: lab.clock.now() })));
    }
    expect(sent.map(({ text }) => text.split("\n")[0])).toEqual([
      "Escalation 1: nobody has acknowledged it; it was due just now, at 2026-01-01T00:05:00.000Z.",
      "Escalation 2: nobody has acknowledged it; it was due 5 min ago, at 2026-01-01T00:05:00.000Z.",
    ]);
    expect(titles()[0]).toBe("Nobody has acknowledged i1 of prod (severity 1, critical): Orders fail");
    await tell(await acknowledgeIncident(ledger, about));
    await tell(await noteIncident(ledger, { ...about, about: "note", text: "looks like r12" }));
    expect(titles()).toEqual([]);
    await tell(await noteIncident(ledger, { ...about, about: "update", text: "We are rolling r12 back" }));
    expect(sent[0]?.text).toBe(
      "We are rolling r12 back\nJane, at 2026-01-01T00:12:00.000Z; severity 1, critical, acknowledged.",
    );
    expect(titles()).toEqual(["i1 of prod: Orders fail"]);
    const action = { kind: "rollback-code", command: "slipway rollback prod", because: "r12 is bad" } as const;
    const { action: started } = await startAction(ledger, { ...about, ...action, automatic: false });
    await tell(
      await endAction(ledger, { ...about, action: started.id, outcome: "done", found: "r11 has the traffic" }),
    );
    expect(sent[0]?.text).toContain("slipway rollback prod: r11 has the traffic");
    expect(titles()).toEqual(["i1 of prod is mitigated: Orders fail"]);
    await tell(await resolveIncident(ledger, { ...about, verdict: good, resolvedAt: "2026-01-01T00:12:00.000Z" }));
    expect(titles()).toEqual(["i1 of prod is resolved: Orders fail"]);
    await tell(await reopenIncident(ledger, { ...about, signals: [signalOf("errors api")], reason: "5 % fail again" }));
    expect(titles()).toEqual(["i1 of prod is back (severity 1, critical): Orders fail"]);
    lab.minutes(2);
    expect(await tell()).toEqual({ sent: 0, failed: 0 });
  });

  it("tells late what a killed process has left untold, and leaves the one that lives the time to tell it", async () => {
    await openIncident(lab.ledger(), opening());
    expect(await tell()).toEqual({ sent: 0, failed: 0 });
    lab.minutes(1);
    expect(await tell()).toEqual({ sent: 1, failed: 0 });
    expect(sent[0]?.text).toContain(`told late: it was at ${STARTED}`);
    expect(await tell()).toEqual({ sent: 0, failed: 0 });
  });

  it("mixes no two incidents up, and no two messages of one", async () => {
    const ledger = lab.ledger();
    const other = { ...about, incident: "i2" };
    await tell(await openIncident(ledger, opening()));
    await openIncident(ledger, opening({ title: "Items are slow", signals: [signalOf("latency api")] }));
    await noteIncident(ledger, { ...other, about: "update", text: "first" });
    const second = await noteIncident(ledger, { ...other, about: "update", text: "second" });
    titles();
    await tell(second);
    expect(sent.splice(0).map(({ text }) => text.split("\n")[0])).toEqual(["second"]);
    lab.minutes(5);
    await tell();
    expect(sent.map(({ incident, title, text }) => `${incident} ${title}: ${text.split("\n")[0]}`)).toEqual([
      "i2 i2 of prod (severity 3, medium): Items are slow: 2 % of 1,000 requests fail",
      "i2 i2 of prod: Items are slow: first",
    ]);
  });

  it("tells nothing late that is another by now, or a day old", async () => {
    const ledger = lab.ledger();
    await openIncident(ledger, opening({ severity: 2 }));
    lab.minutes(16);
    await escalateOverdue(ledger, { by: joe, config, now: lab.clock.now() });
    await acknowledgeIncident(ledger, about);
    await resolveIncident(ledger, { ...about, verdict: good, resolvedAt: STARTED });
    await openIncident(ledger, opening({ title: "Another", signals: [signalOf("latency api")] }));
    lab.minutes(10);
    await tell();
    expect(titles()).toEqual(["i1 of prod is resolved: Orders fail", "i2 of prod (severity 3, medium): Another"]);
    await noteIncident(ledger, { ...about, incident: "i2", about: "update", text: "never told" });
    lab.minutes(1_441);
    expect(await tell()).toEqual({ sent: 0, failed: 0 });
  });

  it("lets who takes the lease for a release tell it, too", async () => {
    await openIncident(lab.ledger(), opening());
    lab.minutes(2);
    const missed = missedMessages(await lab.entries(), lab.clock.now(), "");
    expect(missed).toMatchObject([{ moment: "incident-opened", incident: "i1", entry: 1 }]);
    const ledger = lab.ledger();
    for (const message of missed) {
      await announcer().announce(message, async (body) => void (await ledger.append({ by: joe, release: null, body })));
    }
    expect(missedMessages(await lab.entries(), lab.clock.now(), "")).toEqual([]);
    expect((await lab.entries()).at(-1)?.body).toMatchObject({ type: "notification.sent", incident: "i1", entry: 1 });
  });

  it("names some signals of many, and how many more there are", async () => {
    const signals: IncidentSignal[] = Array.from({ length: 8 }, (_, n) => signalOf(`errors ${n}`));
    await tell(await openIncident(lab.ledger(), opening({ signals })));
    expect(sent[0]?.text).toContain("12 % of errors 4 fail, and 5 % may\nand 3 more\n");
  });
});
