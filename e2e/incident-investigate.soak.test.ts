import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { AwsAlarmsReader, AwsMetricsReader } from "@slipway/aws";
import { AwsLogsReader } from "@slipway/aws/logs";
import { type LedgerBody, type LedgerEntry, ledgerEntrySchema } from "@slipway/contracts";
import {
  createRedactor,
  type InvestigationPorts,
  type InvestigationRequest,
  investigateIncident,
  type MonitoredResources,
  redactedLogs,
} from "@slipway/release-engine";
import { planRelease } from "@slipway/release-plan";
import { afterAll, beforeAll, expect, test } from "vitest";
import { LocalAwsProcess } from "./support/local-aws-process.ts";

const EVENTS = 1_000_000;
const MAX_SECONDS = 5;
const MINUTE_MS = 60_000;
/** Events of one call; with their lines they stay below the megabyte that it may have. */
const BATCH = 2_500;
const IN_FLIGHT = 3;
const logGroupName = "/aws/lambda/orders-prod";
/** The log group is older than what is asked for: Logs Insights refuses what was over before it was made. */
const AGE_MS = 2 * 60 * MINUTE_MS;
const NOW = Math.floor((Date.now() + AGE_MS) / MINUTE_MS) * MINUTE_MS;
/** All lines are of the time since it began. */
const ONSET = NOW - 30 * MINUTE_MS;
const FROM = ONSET;
const HASH = "0".repeat(64);

let localAws: LocalAwsProcess;
let ports: InvestigationPorts;
const closing: { close(): void }[] = [];

const resources: MonitoredResources = {
  functions: [{ name: "orders-prod", logGroup: logGroupName, aliases: ["live"], timeoutSeconds: 10, memoryMb: 512 }],
  ...{
    stages: [],
    tables: [],
    queues: [],
    logGroups: [logGroupName],
    alarms: ["orders-5xx"],
    dashboards: [],
    queries: [],
  },
};
const config = {
  validation: { responseTime: { limitMs: 1_000 } },
  ...{ release: { canary: { metrics: [] } }, functions: [], api: { urlOutput: "url" } },
} as unknown as InvestigationRequest["config"];

function eventOf(index: number): { timestamp: number; message: string } {
  const timestamp = FROM + Math.floor((index * (NOW - FROM - MINUTE_MS)) / EVENTS);
  const isBad = index % 50 === 0;
  const common = {
    ...{ time: new Date(timestamp).toISOString(), service: "orders", operation: "createOrder" },
    ...{ requestId: `7b6c8c5e-1c1c-4b1b-9a1a-${String(index).padStart(12, "0")}`, durationMs: (index % 997) / 10 },
  };
  const error = { name: "TypeError", message: "Cannot read properties of undefined (reading 'id')" };
  const stack = ["TypeError: Cannot read properties", "    at createOrder (file:///var/task/index.mjs:10:3)"];
  const line = isBad
    ? {
        level: "ERROR",
        message: "request failed",
        ...common,
        error: { ...error, stack: stack.join("\n") },
        status: 500,
      }
    : { level: "INFO", message: "request", ...common, status: 200 };
  return { timestamp, message: JSON.stringify(line) };
}

/** r1 went live yesterday, and r2 a minute before it began. */
function ledgerEntries(): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  const tell = (at: number, release: string, body: LedgerBody) => {
    const about = { sequence: entries.length + 1, at: new Date(at).toISOString(), release };
    const chain = { by: { name: "Jane" }, token: null, previous: HASH, hash: HASH };
    entries.push(ledgerEntrySchema.parse({ version: 1, environment: "prod", ...about, ...chain, body }));
  };
  for (const [release, previous, at, version] of [
    ["r1", null, NOW - 86_400_000, "6"],
    ["r2", "r1", ONSET - MINUTE_MS, "7"],
  ] as const) {
    const source = { commit: version.repeat(40), tree: "b".repeat(40), dirty: false };
    const plan = planRelease(
      { environment: "prod", release, source, previous, functions: ["orders"] },
      { approvals: 0, canary: [] },
    );
    const done = (step: string, kind: "code.publish" | "traffic.promote", result?: object) => {
      tell(at, release, { type: "step.started", step, kind, attempt: 1 });
      const end = { outcome: "done" as const, summary: "done", durationMs: 1 };
      tell(at, release, { type: "step.finished", step, kind, ...end, ...(result && { result: { ...result } }) });
    };
    tell(at, release, { type: "release.started", plan, authors: ["Jane"] });
    const published = { functionName: "orders-prod", alias: "live", version, changed: true };
    done("code.publish.orders", "code.publish", { ...published, previousVersion: String(Number(version) - 1) });
    done("traffic.promote", "traffic.promote");
    tell(at, release, { type: "release.ended", outcome: "live", reason: "it answers", functions: [] });
  }
  return entries;
}

const incident: InvestigationRequest["incident"] = {
  ...{ id: "i1", startedAt: new Date(ONSET).toISOString(), actions: [] },
  signals: [
    {
      ...{ id: "errors function orders-prod", kind: "errors", what: "2 % of the calls of orders-prod failed" },
      ...{ resource: { type: "function", name: "orders-prod" }, since: new Date(ONSET).toISOString() },
      lastSeenAt: new Date(NOW).toISOString(),
    },
  ],
};

beforeAll(async () => {
  localAws = await LocalAwsProcess.start();
  const client = new CloudWatchLogsClient(localAws.client);
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  const advanced = await fetch(`${localAws.client.endpoint}/_slipway/clock`, {
    ...{ method: "POST", body: JSON.stringify({ advanceMs: AGE_MS }) },
    headers: { "x-slipway-control": "1", "content-type": "application/json" },
  });
  expect(advanced.ok, await advanced.text()).toBe(true);
  const logStreamName = "2026/11/28/[7]0123456789abcdef";
  await client.send(new CreateLogStreamCommand({ logGroupName, logStreamName }));
  let next = 0;
  const put = async (): Promise<void> => {
    for (let from = next; from < EVENTS; from = next) {
      next = from + BATCH;
      const logEvents = Array.from({ length: Math.min(BATCH, EVENTS - from) }, (_, index) => eventOf(from + index));
      await client.send(new PutLogEventsCommand({ logGroupName, logStreamName, logEvents }));
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, put));
  client.destroy();
  const settings = localAws.client;
  const readers = {
    metrics: new AwsMetricsReader(settings),
    logs: new AwsLogsReader(settings),
    alarms: new AwsAlarmsReader(settings),
  };
  closing.push(readers.metrics, readers.logs, readers.alarms);
  ports = {
    ...readers,
    logs: redactedLogs(readers.logs, createRedactor()),
    source: { between: async () => ({ commits: [], files: ["src/create-order.ts"] }) },
    readEntries: async () => ledgerEntries(),
    readResources: async () => resources,
    clock: { now: () => NOW },
  };
}, 10 * 60_000);

afterAll(async () => {
  for (const each of closing) {
    each.close();
  }
  await localAws.stop();
});

const ask = (with_: Partial<InvestigationPorts> = {}) =>
  investigateIncident({ ...ports, ...with_ }, { environment: "prod", flags: " --local", config, incident });

test("with a million lines in its window it is found out within five seconds which release is to blame", async () => {
  // The first query of a process pays for the start of its thread.
  const began = performance.now();
  const found = await ask();
  const seconds = (performance.now() - began) / 1_000;
  const again = performance.now();
  await ask();
  console.info(
    `investigated ${EVENTS} lines in ${seconds.toFixed(2)} s, again in ${((performance.now() - again) / 1_000).toFixed(2)} s: ${JSON.stringify(found.sources)}`,
  );

  expect(found.sources.filter(({ state }) => state !== "answered")).toEqual([]);
  expect(found.suspects[0]).toMatchObject({ release: "r2", part: "code" });
  expect(found.proposal.kind).toBe("rollback-code");
  const [error] = found.errors;
  expect(error).toMatchObject({ versions: ["7"], before: 0 });
  expect(error?.fingerprint).toContain("TypeError");
  // One line in fifty is bad: as many as that are there, by the minutes that are gone through.
  expect(Math.abs((error?.count ?? 0) / (EVENTS / 50) - 1)).toBeLessThan(0.25);
  expect(seconds).toBeLessThan(MAX_SECONDS);
}, 60_000);

test("without metrics, and with alarms that never answer, it says so and still answers within five seconds", async () => {
  const never = new Promise<never>(() => {});
  const began = performance.now();
  const found = await ask({
    metrics: new AwsMetricsReader({ ...localAws.client, endpoint: "http://127.0.0.1:9" }),
    alarms: { describe: () => never, history: () => never },
    logs: { ...ports.logs, query: () => never },
  });
  expect(performance.now() - began).toBeLessThan(MAX_SECONDS * 1_000);
  expect(Object.fromEntries(found.sources.map(({ source, state }) => [source, state]))).toMatchObject({
    ...{ ledger: "answered", "errors at last": "too-late", "errors before": "too-late" },
  });
  expect(found.suspects[0]?.release).toBe("r2");
}, 60_000);
