import type { LedgerBody } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
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

const line = JSON.stringify({
  ...{ level: "ERROR", message: "request failed", requestId: "7b6c8c5e-1c1c-4b1b-9a1a-000000000000" },
  error: { name: "TypeError", message: "Cannot read properties of undefined (reading 'id')", stack: "" },
});

function world(with_: Partial<InvestigationPorts> = {}) {
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
              Array.from({ length: 1_000 }, () => ({
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
    clock: { now: () => at(NOW) },
    ...with_,
  };
  const request: InvestigationRequest = {
    ...{ environment: "prod", flags: "", incident: told.record() },
    resources: {
      functions: [
        { name: FUNCTION, logGroup: `/aws/lambda/${FUNCTION}`, aliases: ["live"], timeoutSeconds: 3, memoryMb: 128 },
      ],
      ...{ stages: [], tables: [], queues: [], logGroups: [], alarms: ["shop-5xx"], dashboards: [], queries: [] },
    },
    config: {
      validation: { responseTime: { limitMs: 1_000 } },
      release: { canary: { metrics: [] } },
    } as unknown as InvestigationRequest["config"],
    answerMs: 40,
  };
  return { ports, request };
}

describe("investigateIncident", () => {
  it("names the release, what it fails with, and the way back", async () => {
    const { ports, request } = world();
    const found = await investigateIncident(ports, request);

    expect(found.sources.filter(({ state }) => state !== "answered")).toEqual([]);
    expect(found.suspects[0]).toMatchObject({ release: "r2", part: "code" });
    expect(found.suspects[0]?.likelihood).toBeGreaterThan(0.9);
    expect(found.errors[0]).toMatchObject({ before: 0, versions: ["7"] });
    expect(found.errors[0]?.count).toBeGreaterThan(2_000_000);
    expect(found.proposal).toMatchObject({ kind: "rollback-code", safe: true });
  });

  it.each(["metrics", "logs", "alarms", "ledger"] as const)(
    "says so where %s is down, and still answers",
    async (source) => {
      const fail = async (): Promise<never> => {
        throw down(source);
      };
      const { ports, request } = world({
        ...(source === "metrics" && { metrics: { read: fail, list: fail } }),
        ...(source === "alarms" && { alarms: { describe: fail, history: fail } }),
        ...(source === "ledger" && { readEntries: fail }),
      });
      const given = source === "logs" ? { ...ports, logs: { ...ports.logs, query: fail } } : ports;
      const found = await investigateIncident(given, request);

      expect(found.sources.some(({ state, why }) => state === "down" && why?.startsWith(source))).toBe(true);
      expect(found.proposal.command).toContain("slipway ");
      expect(found.suspects[0]?.release).toBe(source === "ledger" ? undefined : "r2");
      expect(found.withoutSuspect === undefined).toBe(source !== "ledger");
    },
  );

  it("does not wait for a source that never answers", async () => {
    const { ports, request } = world({ alarms: { describe: () => new Promise(() => {}), history: async () => [] } });
    const found = await investigateIncident(ports, request);

    expect(found.sources.find(({ source }) => source === "alarms")?.state).toBe("too-late");
    expect(found.suspects[0]?.release).toBe("r2");
  });

  it("suspects nobody where nothing was released for days", async () => {
    const { ports, request } = world({ readEntries: async () => [] });
    const found = await investigateIncident(ports, request);

    expect(found.suspects).toEqual([]);
    expect(found.withoutSuspect).toContain("no release has changed anything");
    expect(found.proposal.kind).not.toBe("rollback-code");
  });
});
