import type { LedgerBody } from "@slipway/contracts";
import { expect, it } from "vitest";
import { IncidentLab, jane, STARTED } from "../incidents/records/test/incident-lab.ts";

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
