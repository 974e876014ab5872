import { incidentConfigSchema, type LedgerBody, type LedgerEntry } from "@slipway/contracts";
import { type Ledger, type LedgerHead, ReleaseError } from "@slipway/release-engine";
import { expect, it } from "vitest";
import { lookAtStatus, type StatusPlace, type StatusPorts } from "./look-at-status.ts";

const at = "2026-11-28T12:00:00.000Z";
const startedAt = at;
const opened: LedgerBody = {
  ...{ type: "incident.opened", incident: "i1", title: "orders fail", severity: 2, reasons: ["a call"] },
  ...{ startedAt, signals: [], openedBy: "person" },
};
const told: LedgerBody = {
  ...{ type: "notification.sent", moment: "incident-opened", channel: "sns", outcome: "sent" },
  ...{ incident: "i1", entry: 1 },
};
const written = [opened, told, told].map(
  (body, index): LedgerEntry => ({
    ...{ version: 1, environment: "prod", sequence: index + 1, at, by: { name: "Jane" }, token: null, release: null },
    ...{ body, previous: "0".repeat(64), hash: "1".repeat(64) },
  }),
);

it("finds an incident that is open, also where people are told of it in the meantime", async () => {
  const before: LedgerHead = {
    ...{ sequence: 1, hash: "1".repeat(64), revision: 1, writeId: "w", lastToken: 0, lease: null },
    incidents: {
      ...{ open: { i1: 1 }, recent: { i1: 1 } },
      last: { incident: "i1", title: "orders fail", severity: 2, state: "open", openedAt: at },
    },
  };
  const ledger = { head: async () => before, readLatest: async (count: number) => written.slice(-count) };
  const failure = new ReleaseError({ kind: "unreachable", what: "AWS", why: "it does not answer", next: "wait" });
  const nowhere = () => Promise.reject(failure);
  const ports: StatusPorts = {
    ledger: ledger as Pick<Ledger, "head" | "readLatest"> as Ledger,
    view: nowhere,
    functions: { readAlias: nowhere },
    alarms: { describe: nowhere, history: nowhere },
  };
  const config = { incidents: incidentConfigSchema.parse({}) } as StatusPlace["config"];
  const { signal } = new AbortController();
  const place = { environment: "prod", config, target: "AWS", flags: "", now: Date.parse(at), signal };

  const { openIncidents } = await lookAtStatus(ports, place);

  expect(openIncidents).toMatchObject([{ incident: "i1", title: "orders fail" }]);
});
