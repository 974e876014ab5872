import type { LedgerBody } from "@slipway/contracts";
import { expect, it } from "vitest";
import { incidents } from "../incidents/incidents.ts";
import { acknowledgeIncident } from "../incidents/records/acknowledge-incident.ts";
import { classifyIncident } from "../incidents/records/classify-incident.ts";
import { closeIncident } from "../incidents/records/close-incident.ts";
import { openIncident } from "../incidents/records/open-incident.ts";
import { reopenIncident } from "../incidents/records/reopen-incident.ts";
import { resolveIncident } from "../incidents/records/resolve-incident.ts";
import { IncidentLab, jane, opening, STARTED, signalOf } from "../incidents/records/test/incident-lab.ts";

const good = { status: "successful", reason: "0 % of 900 requests fail", numbers: {} } as const;
const opened = (incident: string): LedgerBody => ({
  ...{ type: "incident.opened", incident, title: `${incident} fails`, severity: 3, reasons: ["2 % fail"] },
  ...{ startedAt: STARTED, signals: [], openedBy: "person" },
});

it("is what the entries say, whatever else is written, and keeps few of many", async () => {
  const lab = new IncidentLab();
  const ledger = lab.ledger();
  const write = async (...bodies: LedgerBody[]) => {
    for (const body of bodies) await ledger.append({ by: jane, release: null, body });
    return (await ledger.head())?.incidents;
  };
  const waiver = { check: "a.b", by: "Jane", reason: "because", expires: "2027-01-01" };
  expect(await write({ type: "waiver.given", waiver })).toBeUndefined();
  expect(await write(opened("i1"), opened("i2"))).toEqual({
    ...{ open: { i1: 2, i2: 3 }, recent: { i1: 2, i2: 3 } },
    last: { incident: "i2", title: "i2 fails", severity: 3, state: "open", openedAt: STARTED },
  });
  const held = await ledger.take({ id: "x", actor: jane, host: "h", pid: 1, command: "slipway deploy prod" });
  await held.release();
  const worse = { severity: 1 as const, reasons: ["all"], classifiedBy: "rule" as const };
  expect(
    await write(
      { type: "incident.classified", incident: "i2", ...worse },
      { type: "incident.classified", incident: "i1", ...worse, severity: 4 },
      { type: "incident.resolved", incident: "i2", resolvedAt: STARTED, verdict: good },
      { type: "notification.sent", moment: "incident-resolved", incident: "i2", channel: "sns", outcome: "sent" },
    ),
  ).toMatchObject({ open: { i1: 2 }, last: { incident: "i2", severity: 1, state: "resolved", overAt: STARTED } });
  const back = await write({ type: "incident.reopened", incident: "i2", signals: [], reason: "again" });
  expect(back).toMatchObject({ open: { i1: 2, i2: 3 }, last: { state: "open" } });
  expect(back?.last.overAt).toBeUndefined();
  for (let n = 3; n <= 30; n += 1) {
    await write(opened(`i${n}`), { type: "incident.resolved", incident: `i${n}`, resolvedAt: STARTED, verdict: good });
  }
  const many = await write({ type: "incident.closed", incident: "i30", reason: "done" });
  expect(Object.keys(many?.recent ?? {})).toHaveLength(10);
  expect(many).toMatchObject({ open: { i1: 2, i2: 3 }, last: { incident: "i30", state: "closed", overAt: STARTED } });
});

it("names the open ones and the last one as the entries do, in whatever order things happen", async () => {
  let seed = 7;
  const below = (limit: number) => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed % limit;
  };
  const lab = new IncidentLab();
  const ledger = lab.ledger();
  await openIncident(ledger, opening());
  for (let step = 0; step < 100; step += 1) {
    lab.minutes(1);
    const records = incidents(await ledger.read());
    const record = records[below(records.length)];
    if (record === undefined) throw new Error("there is one");
    const about = { by: jane, incident: record.id };
    const severity = (1 + below(4)) as 1 | 2 | 3 | 4;
    const verdict = { status: "successful", reason: "0 % fail", numbers: {} } as const;
    await [
      () => openIncident(ledger, opening({ signals: [signalOf(`signal ${step}`)] })),
      () => classifyIncident(ledger, { ...about, severity, reasons: [`${step}`], classifiedBy: "person" }),
      () => acknowledgeIncident(ledger, about),
      () => resolveIncident(ledger, { ...about, verdict, resolvedAt: STARTED }),
      () => reopenIncident(ledger, { ...about, signals: [], reason: "again" }),
      async () => (record.state === "resolved" ? closeIncident(ledger, { ...about, reason: "done" }) : undefined),
    ][below(6)]?.();
    const now = incidents(await ledger.read());
    const open = now.filter(({ state }) => state === "open" || state === "acknowledged").map(({ id }) => id);
    const head = (await ledger.head())?.incidents;
    expect(Object.keys(head?.open ?? {}).toSorted()).toEqual(open.toSorted());
    const last = now.at(-1);
    expect(head?.last).toMatchObject({ incident: last?.id, severity: last?.severity });
    expect(head?.last.overAt).toBe(last?.resolution?.at);
    // From there on everything about it can be read.
    const entries = await ledger.read();
    for (const [id, from] of Object.entries(head?.open ?? {})) {
      const first = entries.find(({ body }) => body.type === "incident.opened" && body.incident === id);
      expect(from === 1 || from === first?.sequence, `${id} from ${from}`).toBe(true);
    }
  }
});
