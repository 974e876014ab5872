import { type IncidentSignal, investigationSchema, type LedgerBody } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import type { MonitoredResources } from "../../monitoring/monitored-resources.ts";
import type { InsightsAnswer } from "../../ports/logs.ts";
import type { MetricQuestion, MetricSeries } from "../../ports/metrics.ts";
import { ReleaseError } from "../../release-error.ts";
import { IncidentStory } from "../postmortem/test/incident-story.ts";
import { type InvestigationPorts, type InvestigationRequest, investigateIncident } from "./investigate-incident.ts";

const FUNCTION = "orders-prod";
const RELEASED = 60;
const ONSET = 61;
const NOW = 75;

const down = (what: string) =>
  new ReleaseError({ kind: "unreachable", what: `${what} cannot be read`, why: "no connection", next: "wait" });

/** r1 is live since a day; r2 went live a minute before it began. */
function story(): IncidentStory {
  const told = new IncidentStory();
  const published = (minute: number, release: string, version: string) => {
    const result = { functionName: FUNCTION, alias: "live", version, previousVersion: "1", changed: true };
    const step = { step: "code.publish.orders", kind: "code.publish" } as const;
    const end: LedgerBody = {
      ...{ type: "step.finished", ...step, outcome: "done", summary: "published", durationMs: 1 },
      result: { ...result, previousVersion: String(Number(version) - 1) },
    };
    told.tell(minute, { type: "step.started", ...step, attempt: 1 }, "Jane", release);
    told.tell(minute, end, "Jane", release);
  };
  told.deploy(-1_440);
  published(-1_440, "r1", "6");
  told.deploy(RELEASED);
  published(RELEASED, "r2", "7");
  told.open(ONSET + 3, { startedAt: told.at(ONSET) });
  return told;
}

/** Version 6 is well; of version 7's calls a third fails, in this minute and all others. */
function series(question: MetricQuestion, at: (minute: number) => number, now: number): MetricSeries {
  const points: { at: number; value: number }[] = [];
  if ("metric" in question) {
    const { name, dimensions } = question.metric;
    const isNew = dimensions.ExecutedVersion === "7";
    for (let minute = -60; at(minute) < now; minute += 1) {
      const isRunning = isNew === minute >= RELEASED;
      if (isRunning && name === "Invocations") {
        points.push({ at: at(minute), value: 90 });
      } else if (isRunning && isNew && name === "Errors") {
        points.push({ at: at(minute), value: 30 });
      }
    }
  }
  return { id: question.id, label: question.id, points };
}

const resources: MonitoredResources = {
  functions: [
    { name: FUNCTION, logGroup: `/aws/lambda/${FUNCTION}`, aliases: ["live"], timeoutSeconds: 3, memoryMb: 128 },
  ],
  ...{ stages: [], tables: [], queues: [], logGroups: [], alarms: ["shop-5xx"], dashboards: [], queries: [] },
};

const line = JSON.stringify({
  ...{ level: "ERROR", message: "request failed", requestId: "7b6c8c5e-1c1c-4b1b-9a1a-000000000000" },
  error: { name: "TypeError", message: "Cannot read properties of undefined (reading 'id')", stack: "" },
});

function world(with_: Partial<InvestigationPorts> = {}, lines = 20) {
  const told = story();
  const at = (minute: number) => Date.parse(told.at(minute));
  const answer = (rows: InsightsAnswer["rows"]): InsightsAnswer => ({
    ...{ fields: [], rows },
    statistics: { recordsMatched: rows.length * 1_000, recordsScanned: 1_000_000, bytesScanned: 0 },
  });
  const unused = async (): Promise<never> => {
    throw new Error("nobody asks for it");
  };
  const ports: InvestigationPorts = {
    metrics: {
      read: async (questions, window) => questions.map((each) => series(each, at, window.to)),
      list: unused,
    },
    logs: {
      query: async ({ query }, window) =>
        query.includes("@logStream") && window.to > at(ONSET)
          ? answer(
              Array.from({ length: lines }, () => ({
                ...{ "@timestamp": "2026-11-28 13:05:00.000", "@message": line },
                ...{ "@log": `123456789012:/aws/lambda/${FUNCTION}`, "@logStream": "2026/11/28/[7]abc" },
              })),
            )
          : answer([]),
      savedQueries: unused,
      events: unused as never,
      follow: unused as never,
    },
    alarms: { describe: async () => [], history: unused },
    source: { between: async () => ({ commits: [], files: [] }) },
    readEntries: async () => told.entries,
    readResources: async () => resources,
    clock: { now: () => at(NOW) },
    ...with_,
  };
  const request: InvestigationRequest = {
    ...{ environment: "prod", flags: "", incident: told.record() },
    config: {
      validation: { responseTime: { limitMs: 1_000 }, alarmsNotAboutReleases: ["*-certificate"] },
      release: { canary: { metrics: [] } },
      functions: [{ name: "orders", outputs: { functionName: "orders_name", alias: "orders_alias" } }],
      api: { urlOutput: "url" },
    } as unknown as InvestigationRequest["config"],
    answerMs: 40,
  };
  return { ports, request };
}

describe("investigateIncident", () => {
  it("names the release, what it fails with, and the way back", async () => {
    const { ports, request } = world({}, 1_000);
    const found = await investigateIncident(ports, request);

    expect(found.sources.filter(({ state }) => state !== "answered")).toEqual([]);
    expect(found.suspects[0]).toMatchObject({ release: "r2", part: "code" });
    expect(found.suspects[0]?.likelihood).toBeGreaterThan(0.9);
    expect(found.errors[0]).toMatchObject({ before: 0, versions: ["7"] });
    expect(found.errors[0]?.count).toBeGreaterThan(2_000_000);
    expect(found.proposal).toMatchObject({ kind: "rollback-code", safe: true });
  });

  const ways = {
    "is down": (source: string) => async (): Promise<never> => {
      throw down(source);
    },
    "is broken": (source: string) => async (): Promise<never> => {
      throw new TypeError(`${source} is no good`);
    },
    "never answers": () => () => new Promise<never>(() => {}),
  };
  /** Each port, as it is when it fails, and the sources that say so then. */
  const failing: Readonly<
    Record<
      string,
      {
        readonly ports: (fail: () => Promise<never>, ports: InvestigationPorts) => Partial<InvestigationPorts>;
        readonly silent: readonly string[];
        /** Sources that are asked for what the ledger knows by name. */
        readonly others?: Readonly<Record<string, string>>;
      }
    >
  > = {
    metrics: {
      ports: (fail) => ({ metrics: { read: fail, list: fail } }),
      silent: ["calls", "numbers"],
    },
    logs: {
      ports: (fail, { logs }) => ({ logs: { ...logs, query: fail } }),
      silent: ["errors at first", "errors at last", "errors before"],
    },
    alarms: { ports: (fail) => ({ alarms: { describe: fail, history: fail } }), silent: ["alarms"] },
    git: { ports: (fail) => ({ source: { between: fail } }), silent: ["code", "git of r2"] },
    ledger: { ports: (fail) => ({ readEntries: fail }), silent: ["ledger"] },
    state: {
      ports: (fail) => ({ readResources: fail }),
      silent: ["Terraform state"],
      others: {
        ...{ calls: "in-part", numbers: "in-part", callers: "unknown", alarms: "unknown" },
        ...{ "errors at first": "in-part", "errors at last": "in-part", "errors before": "in-part" },
      },
    },
  };
  const cases = Object.entries(failing).flatMap(([source, of]) =>
    Object.entries(ways).map(([way, fail]) => ({ source, way, fail, ...of })),
  );

  it.each(cases)("says so where $source $way, and still answers with all others", async (given) => {
    const { source, way, silent, others = {} } = given;
    const { ports, request } = world();
    const found = await investigateIncident(
      { ...ports, ...given.ports(given.fail(source), ports) },
      { ...request, answerMs: way === "never answers" ? 60 : 2_000 },
    );

    const state = way === "never answers" ? "too-late" : "down";
    expect(Object.fromEntries(found.sources.map((each) => [each.source, each.state]))).toMatchObject({
      ...Object.fromEntries(silent.map((each) => [each, state])),
      ...others,
    });
    const answered = found.sources.filter((each) => !silent.includes(each.source) && !(each.source in others));
    expect(answered.filter((each) => each.state !== "answered")).toEqual([]);
    expect(found.sources.filter((each) => each.state !== "answered").every(({ why }) => why !== undefined)).toBe(true);
    expect(found.sources.map((each) => each.why ?? "").join()).toContain(
      {
        "is down": `${source} cannot be read: no connection`,
        "is broken": `TypeError: ${source} is no good`,
        "never answers": "no answer within",
      }[way],
    );

    expect(found.proposal.command).toContain("slipway ");
    expect(found.suspects[0]?.release).toBe(source === "ledger" ? undefined : "r2");
    expect(found.withoutSuspect === undefined).toBe(source !== "ledger");
    expect(found.errors.length > 0).toBe(source !== "logs");
    expect(investigationSchema.safeParse(found).error).toBeUndefined();
  });

  it("reads errors by the names of the ledger, and of alarms those that incidents were about, where the state is gone", async () => {
    const described: string[] = [];
    const alarms = {
      describe: async (names: readonly string[]) => {
        described.push(...names);
        return [];
      },
      history: async () => [],
    };
    const told = story();
    const alarm = { type: "alarm", name: "shop-5xx" } as const;
    const signal = { id: "alarm alarm shop-5xx", kind: "alarm", resource: alarm, what: "it rings" } as const;
    told.tell(ONSET + 4, {
      type: "incident.observed",
      incident: "i1",
      signals: [{ ...signal, since: told.at(ONSET) }],
    });
    const { ports, request } = world({ alarms, readEntries: async () => told.entries });
    const gone = async (): Promise<never> => {
      throw down("state");
    };
    const found = await investigateIncident({ ...ports, readResources: gone }, request);

    expect(described).toEqual(["shop-5xx"]);
    expect(found.errors[0]?.group).toBe(`/aws/lambda/${FUNCTION}`);
    expect(found.sources.find(({ source }) => source === "calls")).toMatchObject({
      ...{ state: "in-part", why: expect.stringContaining(`what the ledger names: ${FUNCTION}`) },
    });
  });

  it("asks for the names of the ledger's copy where neither the state nor the ledger can be read, and blames nobody by it", async () => {
    const gone = async (): Promise<never> => {
      throw down("everything");
    };
    const { ports, request } = world({ readEntries: gone, readResources: gone });
    const without = await investigateIncident(ports, request);
    const copied = await investigateIncident({ ...ports, readCopy: () => story().entries }, request);

    expect(without.sources.find(({ source }) => source === "numbers")).toMatchObject({
      ...{ state: "unknown", why: expect.stringContaining("neither the Terraform state nor the ledger") },
    });
    expect(without.errors).toEqual([]);
    expect(copied.errors.length).toBeGreaterThan(0);
    expect(copied.suspects).toEqual([]);
    expect(copied.proposal.kind).toBe("look");
  });

  it("goes by the code of the releases that git knows, where a clone is too shallow for others", async () => {
    const between = async ({ since }: { readonly since: string }) => {
      if (since.startsWith("a")) {
        throw new ReleaseError({
          kind: "not-found",
          what: "no such commit",
          why: "the clone is shallow",
          next: "fetch",
        });
      }
      return { commits: [], files: ["src/orders.ts"] };
    };
    const found = await investigateIncident(world({ source: { between } }).ports, world().request);

    expect(found.sources.find(({ source }) => source === "code")).toMatchObject({ state: "down" });
    expect(found.suspects[0]?.release).toBe("r2");
  });

  it("reads the errors of those functions that log, where others were never called", async () => {
    const { ports, request } = world();
    const readResources = async () => {
      const functions = resources.functions.flatMap((each) => [
        each,
        { ...each, logGroup: "/aws/lambda/never-called" },
      ]);
      return { ...resources, functions };
    };
    const query: (typeof ports.logs)["query"] = async (asked, window) => {
      if (asked.groups.includes("/aws/lambda/never-called")) {
        throw new ReleaseError({ kind: "not-found", what: "no log group", why: "it is not there", next: "wait" });
      }
      return ports.logs.query(asked, window);
    };
    const found = await investigateIncident({ ...ports, readResources, logs: { ...ports.logs, query } }, request);

    expect(found.sources.filter(({ state }) => state !== "answered")).toEqual([]);
    expect(found.errors[0]?.count).toBeGreaterThan(0);
  });

  it.each<[string, readonly IncidentSignal["kind"][], string, string | undefined]>([
    [
      "is a backup that was not made",
      ...([["backup"], "slipway backup prod create"] as const),
      "no release is put back for a backup that was not made",
    ],
    [
      "is an alarm that the configuration excuses",
      ...([["alarm"], "slipway alarms prod shop-certificate"] as const),
      "shop-certificate rings, and no release is to blame for it (validation.alarmsNotAboutReleases)",
    ],
    ["is what users feel, too", ["backup", "alarm", "errors"], "slipway rollback prod code ", undefined],
  ])("suspects a release just before it or not, where it %s", async (_what, kinds, command, why) => {
    const { ports, request } = world();
    const record = request.incident as Exclude<InvestigationRequest["incident"], { since: number }>;
    const signals = kinds.map((kind) => ({
      ...{ id: kind, kind, what: `${kind} is bad`, since: record.startedAt, lastSeenAt: record.startedAt },
      resource: { type: kind === "errors" ? ("api" as const) : ("alarm" as const), name: "shop-certificate" },
    }));
    const found = await investigateIncident(ports, { ...request, incident: { ...record, signals } });

    expect(() => investigationSchema.parse(found)).not.toThrow();
    expect(found.suspects.map(({ release }) => release)).toEqual(why === undefined ? ["r2"] : []);
    expect(found.withoutSuspect ?? "").toContain(why ?? "");
    expect(found.proposal.command).toContain(command);
    expect(found.proposal.safe && why !== undefined).toBe(false);
  });

  it("suspects nobody where nothing was released for days", async () => {
    const { ports, request } = world({ readEntries: async () => [] });
    const found = await investigateIncident(ports, request);

    expect(found.suspects).toEqual([]);
    expect(found.withoutSuspect).toContain("no release has changed anything");
    expect(found.proposal.kind).not.toBe("rollback-code");
  });
});
