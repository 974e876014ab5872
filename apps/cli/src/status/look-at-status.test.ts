import { incidentConfigSchema, type LedgerBody, type LedgerEntry } from "@slipway/contracts";
import {
  type Ledger,
  type LedgerHead,
  monitoredResources,
  ReleaseError,
  type TerraformState,
} from "@slipway/release-engine";
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

const { signal } = new AbortController();
const placeOf = (config: Partial<StatusPlace["config"]>, endpoint?: string): StatusPlace => ({
  ...{ environment: "prod", config: config as StatusPlace["config"], target: "AWS", endpoint, flags: "" },
  ...{ now: Date.parse(at), signal },
});

const only = { functions: [], api: { urlOutput: "url", resources: [] } };
const stateOf = (outputs: Readonly<Record<string, unknown>>): TerraformState => ({
  ...{ lineage: "l", serial: 1, outputs, resources: [] },
});
/** An environment with nothing in it, and a ledger that nobody has written. */
const nothingIn = (outputs: Readonly<Record<string, unknown>>): StatusPorts => ({
  ledger: { head: async () => undefined, readLatest: async () => [] } as Pick<Ledger, "head" | "readLatest"> as Ledger,
  view: async () => ({ state: stateOf(outputs), resources: monitoredResources(stateOf(outputs)) }),
  functions: { readAlias: () => Promise.reject(new Error("there is none")) },
  alarms: { describe: async () => [], history: async () => [] },
});

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
  const place = placeOf({ incidents: incidentConfigSchema.parse({}) });

  const { openIncidents } = await lookAtStatus(ports, place);

  expect(openIncidents).toMatchObject([{ incident: "i1", title: "orders fail" }]);
});

it.each<[string, string | undefined, object]>([
  [
    "https://a1.execute-api.us-east-1.amazonaws.com/v1/",
    undefined,
    { url: "https://a1.execute-api.us-east-1.amazonaws.com/v1" },
  ],
  [
    "https://a1.execute-api.us-east-1.amazonaws.com/v1",
    "http://127.0.0.1:4566",
    { url: "http://127.0.0.1:4566/restapis/a1/v1/_user_request_" },
  ],
  ["https://api.example.com", "http://127.0.0.1:4566", { url: "https://api.example.com" }],
  [
    "api.example.com",
    undefined,
    { unknown: "the output url of its Terraform state is no URL (environments.prod.api.urlOutput)" },
  ],
])("says of the output %s, at %s, where the API is", async (url, endpoint, api) => {
  expect((await lookAtStatus(nothingIn({ url }), placeOf(only, endpoint))).api).toEqual(api);
});

it("says which output the state has not that would say where the API is", async () => {
  expect((await lookAtStatus(nothingIn({}), placeOf(only))).api).toEqual({
    unknown: "the output url of its Terraform state is not there, or is sensitive (environments.prod.api.urlOutput)",
  });
});
