import { planRelease } from "@slipway/release-plan";
import { ManualClock, StepBench } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import type { AliasMove, AliasState, FunctionReader, FunctionState } from "../ports/functions.ts";
import { failure } from "../test/fake-lambda.ts";
import { promoteStep } from "./promote-step.ts";
import { restoreStep } from "./restore-step.ts";
import { shiftStep } from "./shift-step.ts";
import type { TrafficDeps } from "./traffic-handlers.ts";

type Fault = (move: AliasMove) => void;

/** Functions by name, each with version 1 behind its alias and version 2 published. */
function arrange(names: readonly string[] = ["api", "worker"]) {
  const clock = new ManualClock();
  const aliases = new Map<string, AliasState>(
    names.map((name) => [`${name}-prod`, { version: "1", revisionId: "r1", weights: {} }]),
  );
  const versions = new Map<string, Partial<FunctionState>>();
  const moves: string[] = [];
  const faults = { before: [] as Fault[], after: [] as Fault[] };
  const aliasOf = (name: string) => aliases.get(name) ?? { version: "?", revisionId: "?", weights: {} };
  const reader: FunctionReader = {
    readAlias: async (name) => aliasOf(name),
    readFunction: async (name, version = "$LATEST") => ({
      ...{ version, codeSha256: version, revisionId: "r", state: "Active", lastUpdateStatus: "Successful" },
      ...{ configurationDigest: "c", role: "arn:role", logGroup: "g", ...versions.get(`${name}:${version}`) },
    }),
  };
  const moveAlias = async (move: AliasMove): Promise<AliasState> => {
    const { functionName, version, weights = {}, revisionId } = move;
    faults.before.shift()?.(move);
    if (revisionId !== aliasOf(functionName).revisionId) throw failure("conflict");
    moves.push(`${functionName} ${version} ${JSON.stringify(weights)}`);
    aliases.set(functionName, { version, weights, revisionId: `${revisionId}+` });
    faults.after.shift()?.(move);
    return aliasOf(functionName);
  };
  const plan = planRelease(
    {
      ...{ environment: "prod", release: "r2", previous: "r1", functions: names },
      source: { commit: null, tree: null, dirty: false },
    },
    { approvals: 0, canary: [{ percent: 10, holdSeconds: 60 }] },
  );
  const bench = new StepBench(plan, () => clock.now());
  for (const name of names) {
    const result = { functionName: `${name}-prod`, alias: "live", version: "2", previousVersion: "1", changed: true };
    bench.leave("code.publish", result, `code.publish.${name}`);
  }
  const deps = { reader, deployer: { moveAlias }, systemClock: clock } as unknown as TrafficDeps;
  return {
    ...{ bench, aliases, versions, moves, faults },
    shift: () => bench.take("traffic.shift.10", shiftStep(deps)),
    promote: () => bench.take("traffic.promote", promoteStep(deps)),
    restore: () => bench.take("traffic.restore", restoreStep(deps)),
  };
}

describe("traffic.shift and traffic.promote", () => {
  it("move all functions, each in one call", async () => {
    const { shift, promote, moves } = arrange();
    expect(await shift()).toMatchObject({
      outcome: "done",
      summary: "10 % to version 2 of api and version 2 of worker",
      result: { percent: 10, functions: [{ function: "api", from: "1", to: "2" }, { function: "worker" }] },
    });
    expect(await promote()).toMatchObject({
      outcome: "done",
      summary: "all of the traffic: version api 1 -> 2, worker 1 -> 2",
    });
    expect(moves).toEqual(['api-prod 1 {"2":0.1}', 'worker-prod 1 {"2":0.1}', "api-prod 2 {}", "worker-prod 2 {}"]);
  });

  it("have nothing to do the second time", async () => {
    const { shift, promote, moves } = arrange();
    await shift();
    expect(await shift()).toMatchObject({ outcome: "nothing-to-do", result: { functions: [{}, {}] } });
    await promote();
    expect(await promote()).toMatchObject({ outcome: "nothing-to-do", result: { functions: [{}, {}] } });
    expect(moves).toHaveLength(4);
  });

  it("leave alone what has no new version", async () => {
    const { bench, shift, promote, moves } = arrange(["api"]);
    const result = { functionName: "api-prod", alias: "live", version: "1", previousVersion: "1", changed: false };
    bench.leave("code.publish", result, "code.publish.api");
    expect(await shift()).toMatchObject({ outcome: "nothing-to-do", result: { percent: 0, functions: [] } });
    expect(await promote()).toMatchObject({ outcome: "nothing-to-do" });
    expect(moves).toEqual([]);
  });

  it.each([
    ["role", { role: "arn:other" }],
    ["dead-letter target", { deadLetterTarget: "arn:queue" }],
  ])("split nobody's traffic where the %s of one function changes, and say so", async (what, change) => {
    const { versions, shift, promote, moves, aliases } = arrange();
    versions.set("worker-prod:2", change);
    expect(await shift()).toMatchObject({
      outcome: "nothing-to-do",
      summary: expect.stringContaining(`goes at once after this: version 2 of worker has another ${what}`),
      result: { percent: 0, functions: [] },
    });
    expect(moves).toEqual([]);
    await promote();
    expect([...aliases.values()].map(({ version }) => version)).toEqual(["2", "2"]);
  });

  it("see their own lost answers, and try again what AWS could not do", async () => {
    const { faults, shift, moves } = arrange();
    const lose: Fault = () => {
      throw failure("unreachable");
    };
    faults.after.push(lose);
    faults.before.push(
      () => undefined,
      () => {
        throw failure("throttled");
      },
    );
    expect(await shift()).toMatchObject({ outcome: "done" });
    expect(moves).toEqual(['api-prod 1 {"2":0.1}', 'worker-prod 1 {"2":0.1}']);
  });

  it("do not write over somebody else's move", async () => {
    const { aliases, shift, moves } = arrange();
    aliases.set("worker-prod", { version: "7", revisionId: "theirs", weights: {} });
    await expect(shift()).rejects.toMatchObject({
      kind: "conflict",
      why: expect.stringContaining("it is at version 7; this release knows version 1 and 2"),
      next: expect.stringContaining('--function-version 1 --routing-config \'{"AdditionalVersionWeights":{"2":0.1}}\''),
    });
    expect(moves).toEqual(['api-prod 1 {"2":0.1}']);
  });

  it("stop between two functions when asked to", async () => {
    const { bench, faults, shift, moves } = arrange();
    faults.after.push(() => bench.abort.abort());
    await expect(shift()).rejects.toMatchObject({ kind: "interrupted" });
    expect(moves).toHaveLength(1);
  });
});

describe("traffic.restore", () => {
  it("puts all functions back, with no share left", async () => {
    const { shift, restore, aliases, moves } = arrange();
    await shift();
    expect(await restore()).toMatchObject({
      outcome: "done",
      summary: "back to version 1 of api and version 1 of worker",
      result: {
        percent: 0,
        functions: [
          { from: "2", to: "1" },
          { from: "2", to: "1" },
        ],
      },
    });
    expect([...aliases.values()].map(({ version, weights }) => ({ version, weights }))).toEqual([
      { version: "1", weights: {} },
      { version: "1", weights: {} },
    ]);
    expect(moves.slice(2)).toEqual(["api-prod 1 {}", "worker-prod 1 {}"]);
  });

  it("puts back what was half promoted, and has nothing to do where nothing was moved", async () => {
    const { aliases, restore, moves } = arrange();
    aliases.set("api-prod", { version: "2", revisionId: "r2", weights: {} });
    expect(await restore()).toMatchObject({ outcome: "done", result: { functions: [{ function: "api" }] } });
    expect(moves).toEqual(["api-prod 1 {}"]);
    expect(await restore()).toMatchObject({ outcome: "nothing-to-do", result: { functions: [] } });
  });

  it("knows nothing of functions that were not published yet", async () => {
    const { bench, shift, restore } = arrange();
    await shift();
    bench.steps.delete("code.publish.worker");
    expect(await restore()).toMatchObject({ outcome: "done", result: { functions: [{ function: "api" }] } });
  });

  it("goes on with the others where one cannot be put back, and says which", async () => {
    const { aliases, faults, shift, restore } = arrange();
    await shift();
    faults.before.push((move) => {
      throw failure(move.functionName === "api-prod" ? "denied" : "throttled");
    });
    await expect(restore()).rejects.toMatchObject({
      kind: "denied",
      what: "1 of 2 functions could not be put back",
      why: expect.stringContaining("fake denied"),
    });
    expect(aliases.get("worker-prod")).toMatchObject({ version: "1", weights: {} });
  });

  it("is not stopped by Ctrl-C", async () => {
    const { bench, shift, restore } = arrange();
    await shift();
    bench.abort.abort();
    expect(await restore()).toMatchObject({ outcome: "done" });
  });

  it("leaves a version alone that somebody else has chosen", async () => {
    const { aliases, shift, restore } = arrange(["api"]);
    await shift();
    aliases.set("api-prod", { version: "9", revisionId: "theirs", weights: {} });
    await expect(restore()).rejects.toMatchObject({ kind: "conflict", what: "1 of 1 function could not be put back" });
    expect(aliases.get("api-prod")?.version).toBe("9");
  });
});
