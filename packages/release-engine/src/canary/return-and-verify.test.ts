import { planRollback, verifyRestoredStep } from "@slipway/release-plan";
import { ManualClock, StepBench } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import type { AliasMove, AliasState } from "../ports/functions.ts";
import type { MetricQuestion, MetricsReader } from "../ports/metrics.ts";
import { failure } from "../test/fake-lambda.ts";
import { returnStep } from "./return-step.ts";
import { type VerifyDeps, verifyStep } from "./verify-step.ts";

const MINUTE = 60_000;

/** Functions at version 3, with a rollback to their version 1 planned. */
function arrange(names: readonly string[] = ["api", "worker"]) {
  const clock = new ManualClock(Date.UTC(2026, 10, 28, 12, 0, 30));
  const systemClock = new ManualClock();
  const aliases = new Map<string, AliasState>(
    names.map((name) => [`${name}-prod`, { version: "3", revisionId: "r1", weights: { "4": 0.1 } }]),
  );
  const moves: string[] = [];
  const faults: ((move: AliasMove) => void)[] = [];
  const moveAlias = async (move: AliasMove): Promise<AliasState> => {
    faults.shift()?.(move);
    const { functionName, version, weights = {} } = move;
    moves.push(`${functionName} ${version}`);
    const now = { version, weights, revisionId: "r2" };
    aliases.set(functionName, now);
    return now;
  };
  /** Calls and errors by function, version and minute. */
  const calls: { functionName: string; version: string; at: number; calls: number; errors: number }[] = [];
  const metrics: MetricsReader = {
    list: async () => [],
    read: async (questions) =>
      questions.map((question) => ({ id: question.id, label: question.id, points: pointsOf(question) })),
  };
  const pointsOf = (question: MetricQuestion) => {
    if (!("metric" in question)) throw new Error("nobody asks for anything else");
    const { name, dimensions } = question.metric;
    return calls
      .filter((each) => each.functionName === dimensions.FunctionName)
      .filter((each) => (dimensions.ExecutedVersion ?? each.version) === each.version)
      .map((each) => ({ at: each.at, value: name === "Errors" ? each.errors : each.calls }));
  };
  const http = { status: 200, asked: 0 };
  const plan = planRollback({
    ...{ environment: "prod", release: "r4", from: "r3", to: "r1", parts: ["code"] },
    source: { commit: null, tree: null, dirty: false },
    functions: names.map((name) => ({
      ...{ function: name, functionName: `${name}-prod`, alias: "live", from: "3", version: "1" },
      ...{ artifactSha256: "a".repeat(64), artifact: { sha256Base64: "a", bytes: 1, bucket: "b", key: "k" } },
    })),
  });
  const bench = new StepBench(plan, () => clock.now());
  bench.leave("infrastructure.apply", {
    ...{ counts: { add: 0, change: 0, destroy: 0 }, changed: false, stateSerial: 1 },
    outputs: { api_url: "https://api.example.com" },
  });
  const deps: VerifyDeps = {
    environment: {
      api: { urlOutput: "api_url" },
      smoke: { steps: [{ name: "it answers", method: "GET", path: "/", expect: { status: 200 } }], cleanup: [] },
      validation: { errorRate: { mostPercent: 1 } },
    } as unknown as VerifyDeps["environment"],
    reader: { readAlias: async (name) => aliases.get(name) as AliasState },
    deployer: { moveAlias },
    http: {
      send: async () => {
        http.asked += 1;
        return { status: http.status, headers: {}, body: "" } as never;
      },
    },
    apiUrlAt: (url) => url,
    ...{ metrics, clock, systemClock },
  };
  const called = (functionName: string, version: string, minutes: number, count: number, errors = 0) =>
    calls.push({ functionName, version, at: Date.UTC(2026, 10, 28, 12) + minutes * MINUTE, calls: count, errors });
  return {
    ...{ bench, aliases, moves, faults, called, calls, clock, systemClock, http, metrics },
    environment: deps.environment,
    goBack: () => bench.take("traffic.return", returnStep(deps)),
    verify: (more: Partial<VerifyDeps> = {}, id = "traffic.verify") => bench.take(id, verifyStep({ ...deps, ...more })),
  };
}

describe("traffic.return", () => {
  it("moves every alias in one call, without a look before and with no share left", async () => {
    const { goBack, moves, aliases } = arrange();
    expect(await goBack()).toMatchObject({ outcome: "done", result: { percent: 100, functions: [{ from: "3" }, {}] } });
    expect(moves).toEqual(["api-prod 1", "worker-prod 1"]);
    expect([...aliases.values()].map(({ weights }) => weights)).toEqual([{}, {}]);
  });

  it("is within what Lambda takes in a second, however many functions there are", async () => {
    const { goBack, moves, systemClock } = arrange(Array.from({ length: 50 }, (_, index) => `f${index}`));
    const began = systemClock.now();
    await goBack();
    expect(moves).toHaveLength(50);
    expect(systemClock.now() - began).toBeGreaterThan(((50 - 15) / 15) * 1_000);
  });

  it("tries again what passes, goes on with the others where one cannot be moved, and says which", async () => {
    const { goBack, faults, moves } = arrange();
    faults.push((move) => {
      throw failure(move.functionName === "api-prod" ? "throttled" : "denied");
    });
    expect(await goBack()).toMatchObject({ outcome: "done" });
    expect(moves.toSorted()).toEqual(["api-prod 1", "worker-prod 1"]);
    faults.push(() => {
      throw failure("not-found");
    });
    await expect(goBack()).rejects.toMatchObject({
      kind: "not-found",
      what: "1 of 2 functions could not be sent back",
    });
    expect(moves.at(-1)).toBe("worker-prod 1");
  });

  it("is stopped at once where the lease is lost", async () => {
    const { goBack, faults } = arrange(["api"]);
    faults.push(() => {
      throw failure("fenced");
    });
    await expect(goBack()).rejects.toMatchObject({ kind: "fenced" });
  });
});

describe("traffic.verify", () => {
  it("passes where the aliases are there, the version is called, and the API answers", async () => {
    const { goBack, verify, called, http } = arrange();
    await goBack();
    // What the bad version answered before the move is in the same minute.
    called("api-prod", "3", 0, 500, 400);
    called("api-prod", "1", 1, 30);
    called("worker-prod", "1", 1, 5);
    expect(await verify()).toMatchObject({
      ...{ outcome: "done", summary: expect.stringContaining("35 calls, 0 failed") },
      result: {
        ...{ verdict: "pass", bad: [], unknown: [], apiUrl: "https://api.example.com" },
        functions: [
          { function: "api", version: "1", calls: { version: 30, others: 0, errors: 0 } },
          { function: "worker", calls: { version: 5 } },
        ],
      },
    });
    expect(http.asked).toBe(1);
  });

  it("waits for CloudWatch, and knows nothing of what it does not show in the end", async () => {
    const { goBack, verify, called, clock } = arrange();
    await goBack();
    called("api-prod", "1", 1, 30);
    const began = clock.now();
    expect(await verify()).toMatchObject({
      ...{ outcome: "done", summary: expect.stringContaining("no calls of version 1 of worker-prod yet") },
      result: { verdict: "unknown", bad: [] },
    });
    expect(clock.now() - began).toBeGreaterThanOrEqual(150_000);
  });

  it.each([
    [
      "an alias is elsewhere",
      ({ aliases }: ReturnType<typeof arrange>) =>
        void aliases.set("api-prod", { version: "1", revisionId: "r9", weights: { "3": 0.5 } }),
      "the alias live of api-prod is at version 1, with 50 % for version 3, not at version 1",
    ],
    [
      "the API does not answer as it must",
      ({ http }: ReturnType<typeof arrange>) => {
        http.status = 500;
      },
      "the API does not answer as it must",
    ],
    [
      "calls fail",
      ({ called }: ReturnType<typeof arrange>) => void called("api-prod", "1", 1, 20, 3),
      "3 of 50 calls of version 1 of api-prod failed (1 % may)",
    ],
    [
      "the other version still answers",
      ({ called }: ReturnType<typeof arrange>) => void called("api-prod", "3", 1, 7),
      "7 calls of api-prod were answered by another version than 1 since",
    ],
  ])("says that it is bad, and leaves it, where %s", async (_, make, says) => {
    const arranged = arrange(["api"]);
    const { goBack, verify, called, clock, moves } = arranged;
    await goBack();
    called("api-prod", "1", 1, 30);
    clock.advance(2 * MINUTE);
    make(arranged);
    const end = await verify();
    expect(end).toMatchObject({ outcome: "done", result: { verdict: "fail" } });
    expect(end.summary).toContain(says);
    expect(moves).toHaveLength(1);
  });

  it.each([
    ["all of few calls failed", 10, 10, "fail", "10 of 10 calls of version 1 of api-prod failed"],
    ["some of few calls failed", 10, 2, "unknown", "2 of 10 calls of version 1 of api-prod failed, and so few"],
  ] as const)("does not pass where %s", async (_, count, errors, verdict, says) => {
    const { goBack, verify, called } = arrange(["api"]);
    await goBack();
    called("api-prod", "1", 1, count, errors);
    const end = await verify();
    expect(end).toMatchObject({ outcome: "done", result: { verdict } });
    expect(end.summary).toContain(says);
  });

  it("takes calls in the minute of the move for none that came after it, where no smoke test came after it either", async () => {
    const { goBack, verify, called, clock, environment } = arrange(["api"]);
    await goBack();
    called("api-prod", "1", 0, 30);
    const began = clock.now();
    const nowhere = { ...environment, api: { ...environment.api, urlOutput: "another" } };
    const end = await verify({ environment: nowhere });
    expect(end).toMatchObject({ result: { verdict: "unknown" } });
    expect(end.summary).toContain("no calls of version 1 of api-prod after the minute of the move yet");
    expect(clock.now() - began).toBeGreaterThanOrEqual(150_000);
  });

  it("says what nobody knows where nobody can look", async () => {
    const { goBack, verify, metrics } = arrange(["api"]);
    await goBack();
    metrics.read = async () => {
      throw failure("denied");
    };
    const reader = {
      readAlias: async () => {
        throw failure("unreachable");
      },
    };
    expect(await verify({ reader })).toMatchObject({
      outcome: "done",
      result: {
        ...{ verdict: "unknown", bad: [], functions: [{ calls: null }] },
        unknown: [expect.stringContaining("where the alias live"), expect.stringContaining("calls by version")],
      },
    });
  });

  it("moves an alias again that the one has moved who had the lease before, once that one must have noticed", async () => {
    const { goBack, verify, called, systemClock, aliases, moves } = arrange(["api"]);
    await goBack();
    called("api-prod", "1", 1, 30);
    aliases.set("api-prod", { version: "3", revisionId: "late", weights: { "4": 0.5 } });
    const othersNoticeBy = systemClock.now() + 9_000;
    expect(await verify({ othersNoticeBy })).toMatchObject({ result: { verdict: "pass" } });
    expect(systemClock.now()).toBeGreaterThanOrEqual(othersNoticeBy);
    expect(moves).toEqual(["api-prod 1", "api-prod 1"]);
  });

  it("looks for the versions before, where the rollback itself was put back", async () => {
    const { bench, verify, called, aliases, goBack } = arrange(["api"]);
    await goBack();
    aliases.set("api-prod", { version: "3", revisionId: "r3", weights: {} });
    called("api-prod", "3", 1, 9);
    bench.plan.steps.push(verifyRestoredStep);
    expect(await verify({}, verifyRestoredStep.id)).toMatchObject({
      result: { verdict: "pass", functions: [{ version: "3" }] },
    });
  });
});
