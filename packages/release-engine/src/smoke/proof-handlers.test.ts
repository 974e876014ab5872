import {
  type FunctionProof,
  type LedgerEntry,
  type SmokeScenarioInput,
  smokeScenarioSchema,
  type Waiver,
} from "@slipway/contracts";
import { ManualClock } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import type { FunctionAnswer, FunctionInvoker } from "../ports/function-invoker.ts";
import { type FailureKind, ReleaseError } from "../release-error.ts";
import { FakeApi } from "../test/fake-api.ts";
import { fakeStepContext } from "../test/fake-step-context.ts";
import { proofHandlers } from "./proof-handlers.ts";

const scenario: SmokeScenarioInput = {
  steps: [
    { name: "alive", method: "GET", path: "/health", expect: { status: 200 } },
    { name: "locked", method: "GET", path: "/orders", through: "gateway", expect: { status: 401 } },
    {
      ...{ name: "create", method: "POST", path: "/orders", body: {} },
      ...{ expect: { status: 201 }, capture: { id: { json: "/id" } }, through: "version" },
    },
  ],
  cleanup: [{ name: "remove", method: "DELETE", path: "/orders/{id}", through: "version", expect: { status: 204 } }],
};

function failure(kind: FailureKind): ReleaseError {
  return new ReleaseError({ kind, what: "not asked", why: kind, next: "again" });
}

type Answer = { status: number; body?: unknown } | { error: string } | FailureKind;

/** A function that answers proxy events by `METHOD /path`, and everything else by its key `*`; a list one by one. */
class FakeFunction implements FunctionInvoker {
  readonly asked: string[] = [];
  readonly #answers: Map<string, Answer[]>;

  constructor(answers: Record<string, Answer | Answer[]>) {
    this.#answers = new Map(Object.entries(answers).map(([key, answer]) => [key, [answer].flat()]));
  }

  async invoke({ version, payload }: Parameters<FunctionInvoker["invoke"]>[0]): Promise<FunctionAnswer> {
    const { httpMethod, path } = JSON.parse(payload);
    const key = httpMethod === undefined ? "*" : `${httpMethod} ${path}`;
    this.asked.push(`${version}: ${key}`);
    const answers = this.#answers.get(key) ?? [];
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? { status: 404 };
    if (typeof answer === "string") {
      throw failure(answer);
    }
    if ("error" in answer) {
      return { functionError: "Unhandled", payload: JSON.stringify({ errorMessage: answer.error }) };
    }
    return { payload: JSON.stringify({ statusCode: answer.status, body: JSON.stringify(answer.body ?? {}) }) };
  }
}

const good = {
  "GET /health": { status: 200 },
  "POST /orders": { status: 201, body: { id: 7 } },
  "DELETE /orders/7": { status: 204 },
};

const outputs = { functionName: "function_name", alias: "alias", artifactBucket: "bucket" };

function functionConfig(name: string, proof?: FunctionProof) {
  return { ...{ name, directory: name, build: ["make"], artifact: name, outputs }, ...(proof && { proof }) };
}

interface Setting {
  readonly invoker?: FunctionInvoker;
  readonly http?: FakeApi;
  readonly functions?: ReturnType<typeof functionConfig>[];
  readonly smoke?: SmokeScenarioInput;
  readonly waivers?: Waiver[];
  readonly given?: Waiver[];
  readonly whenUnproven?: "go-on";
}

function handlers({ invoker = new FakeFunction(good), http = new FakeApi({}), ...setting }: Setting) {
  const { functions, smoke = scenario, waivers = [], given = [], whenUnproven } = setting;
  return proofHandlers({
    ...{ invoker, http, clock: new ManualClock(), flags: " --local" },
    ...(whenUnproven && { whenUnproven }),
    readEntries: async () =>
      given.map((waiver) => ({ release: "r2", body: { type: "waiver.given", waiver } }) as LedgerEntry),
    apiUrlAt: (url) => url.replace("https://abc", "http://api"),
    environment: {
      functions: functions ?? [functionConfig("orders")],
      api: { urlOutput: "api_url", resources: ["/", "/{proxy+}"] },
      smoke: smokeScenarioSchema.parse(smoke),
      release: { waivers },
    },
  });
}

interface About {
  readonly name?: string;
  readonly changed?: boolean;
  readonly signal?: AbortSignal;
}

async function prove(setting: Setting, about: About = {}) {
  return (await proved(setting, about)).end;
}

async function proved(setting: Setting, { name = "orders", changed = true, signal }: About) {
  const context = fakeStepContext({
    step: { id: `code.prove.${name}`, kind: "code.prove", function: name },
    results: { [`code.publish.${name}`]: { functionName: `${name}-prod`, version: "7", changed } },
    ...(signal && { signal }),
  });
  return { end: await handlers(setting)["code.prove"](context), written: context.written };
}

describe("code.prove", () => {
  it("runs the scenario against exactly the new version, and says what was left out", async () => {
    const invoker = new FakeFunction(good);

    const end = await prove({ invoker });

    expect(end).toMatchObject({
      outcome: "done",
      summary: expect.stringMatching(/^version 7: 3 steps passed in .*; 1 left out: only the gateway can answer it$/),
      result: { version: "7", smoke: { passed: true } },
    });
    expect(invoker.asked).toEqual(["7: GET /health", "7: POST /orders", "7: DELETE /orders/7"]);
  });

  it.each<[string, Answer, RegExp]>([
    ["a wrong answer", { status: 500 }, /"alive" \(GET \/health\): expected status 200, got 500/],
    ["a crash", { error: "Runtime exited" }, /got 502 .*Runtime exited/],
    ["no answer in time", "timeout", /not asked: timeout/],
  ])("judges %s, once, and cleans up", async (_, answer, summary) => {
    const invoker = new FakeFunction({ ...good, "GET /health": answer });

    const end = await prove({ invoker });

    expect(end).toMatchObject({ outcome: "failed", summary: expect.stringMatching(summary) });
    expect(end).toMatchObject({ next: expect.stringMatching(/^slipway logs prod --since 5m --local /) });
    if (answer !== "timeout") {
      expect(invoker.asked).toContain("7: DELETE /orders/7");
    }
  });

  it("runs the scenario again where a request that must not be repeated got no answer", async () => {
    const invoker = new FakeFunction({ ...good, "POST /orders": ["unreachable", { status: 201, body: { id: 7 } }] });

    expect(await prove({ invoker })).toMatchObject({ outcome: "done" });
    expect(invoker.asked.filter((each) => each.includes("POST"))).toHaveLength(2);
  });

  it("throws when nobody could ask: the version was not judged", async () => {
    const invoker = new FakeFunction({ ...good, "POST /orders": "unreachable" });

    await expect(prove({ invoker })).rejects.toMatchObject({ kind: "unreachable" });
    expect(invoker.asked.filter((each) => each.includes("POST"))).toHaveLength(3);
  });

  it.each(["denied", "fenced"] as const)("throws at once when it is %s", async (kind) => {
    const invoker = new FakeFunction({ "GET /health": kind });

    await expect(prove({ invoker })).rejects.toMatchObject({ kind });
  });

  it("stops when asked to, after the cleanup", async () => {
    const abort = new AbortController();
    const working = new FakeFunction(good);
    const invoker: FunctionInvoker = {
      invoke: (request) => {
        if (request.payload.includes('"POST"')) {
          abort.abort();
        }
        return working.invoke(request);
      },
    };

    await expect(prove({ invoker }, { signal: abort.signal })).rejects.toMatchObject({ kind: "interrupted" });
    expect(working.asked.at(-1)).toBe("7: DELETE /orders/7");
  });

  it("does not prove what has the traffic already", async () => {
    const invoker = new FakeFunction(good);

    expect(await prove({ invoker }, { changed: false })).toMatchObject({ outcome: "nothing-to-do" });
    expect(invoker.asked).toEqual([]);
  });

  const two = (proof?: FunctionProof) => [functionConfig("orders", "smoke"), functionConfig("gate", proof)];

  const answered: Waiver = {
    ...{ check: "release.unproven-function", subject: "gate", by: "Jane", reason: "a timer calls it" },
    expires: "2026-12-31",
  };

  it("waits where nothing says how to prove one of several, and says what to configure", async () => {
    const end = await prove({ functions: two() }, { name: "gate" });

    expect(end).toMatchObject({
      outcome: "paused",
      summary: "not proven: nothing says how to prove gate; it has no traffic",
      next: expect.stringMatching(
        /^slipway resume prod --local --waive release\.unproven-function:gate --reason WHY .*functions\[\]\.proof of gate .* slipway rollback prod --local,/,
      ),
      result: { smoke: { passed: false, steps: [] } },
    });
  });

  it("goes on where somebody answers for exactly that function, and writes that down", async () => {
    const { end, written } = await proved({ functions: two(), waivers: [answered] }, { name: "gate" });

    expect(end).toMatchObject({
      outcome: "nothing-to-do",
      summary: "not proven: nothing says how to prove gate; waived by Jane until 2026-12-31: a timer calls it",
    });
    const waiver = { by: "Jane", reason: "a timer calls it", expires: "2026-12-31" };
    expect(written).toMatchObject([
      {
        ...{ type: "evidence", step: "code.prove.gate" },
        evidence: [{ check: "release.unproven-function", subject: "gate", status: "waived", waiver }],
      },
    ]);
  });

  it("goes on where somebody answered for it on the command line", async () => {
    expect(await prove({ functions: two(), given: [answered] }, { name: "gate" })).toMatchObject({
      outcome: "nothing-to-do",
    });
    expect(
      await prove({ functions: two(), given: [{ ...answered, subject: "orders" }] }, { name: "gate" }),
    ).toMatchObject({ outcome: "paused" });
  });

  it("goes on in a rehearsal, and says that a release would wait", async () => {
    const { end, written } = await proved({ functions: two(), whenUnproven: "go-on" }, { name: "gate" });

    expect(end).toMatchObject({
      outcome: "nothing-to-do",
      summary: expect.stringMatching(/^not proven: .*; waived by rehearsal until .* a release to AWS would wait$/),
    });
    expect(written).toMatchObject([{ evidence: [{ status: "waived", waiver: { by: "rehearsal" } }] }]);
  });

  const { subject: _, ...aboutNone } = answered;

  it.each<[string, Waiver, RegExp]>([
    [
      "has expired",
      { ...answered, expires: "2025-12-31" },
      /It was waived until 2025-12-31 by Jane \(a timer calls it\); that has expired; it has no traffic$/,
    ],
    ["is about another", { ...answered, subject: "orders" }, /^not proven/],
    ["is about none", aboutNone, /^not proven/],
    ["is of another check", { ...answered, check: "checklist.tests" }, /^not proven/],
  ])("waits where the waiver %s", async (_, waiver, summary) => {
    const { end, written } = await proved({ functions: two(), waivers: [waiver] }, { name: "gate" });

    expect(end).toMatchObject({ outcome: "paused", summary: expect.stringMatching(summary) });
    expect(written).toEqual([]);
  });

  const gatewayOnly = scenario.steps.slice(1, 2);

  it.each<[string, SmokeScenarioInput]>([
    ["the whole scenario is for the gateway", { steps: gatewayOnly }],
    ["only that it is ready was asked beside", { steps: gatewayOnly, ready: { path: "/health", withinSeconds: 1 } }],
    [
      "only a cleanup was asked beside",
      {
        steps: gatewayOnly,
        cleanup: [{ name: "remove", method: "DELETE", path: "/orders/7", expect: { status: 204 } }],
      },
    ],
  ])("waits where %s", async (_, smoke) => {
    expect(await prove({ smoke })).toMatchObject({
      ...{
        outcome: "paused",
        summary: expect.stringMatching(/^not proven: every step of the smoke scenario is for the/),
      },
    });
    expect(await prove({ smoke, waivers: [{ ...answered, subject: "orders" }] })).toMatchObject({
      outcome: "nothing-to-do",
    });
  });

  it("judges one that does not get ready, whatever was left out", async () => {
    const smoke = { steps: gatewayOnly, ready: { path: "/away", withinSeconds: 1 } };

    expect(await prove({ smoke })).toMatchObject({ outcome: "failed" });
  });

  it("takes no list of nothing for a proof", async () => {
    expect(await prove({ functions: two({ invocations: [] }) }, { name: "gate" })).toMatchObject({
      ...{ outcome: "failed", summary: expect.stringContaining("nothing was asked") },
    });
  });

  const refuses: FunctionProof = {
    invocations: [{ name: "a stranger", payload: { type: "TOKEN" }, expect: { error: "Unauthorized" } }],
  };

  it.each<[Answer | Answer[], FunctionProof, string, RegExp]>([
    [{ error: "Unauthorized" }, refuses, "done", /version 7: 1 step passed/],
    [["unreachable", { error: "Unauthorized" }], refuses, "done", /version 7/],
    [{ error: "no table" }, refuses, "failed", /expected the error "Unauthorized", got another .*no table/],
    [{ status: 200 }, refuses, "failed", /expected the error "Unauthorized", got an answer/],
    [
      { status: 200 },
      { invocations: [{ name: "n", payload: {}, expect: { jsonSubset: { statusCode: 201 } } }] },
      "failed",
      /\/statusCode: expected 201, got 200/,
    ],
    [
      { error: "boom" },
      { invocations: [{ name: "n", payload: {}, expect: { jsonSubset: {} } }] },
      "failed",
      /the function failed \(Unhandled\) .*boom/,
    ],
  ])("proves one that something else calls by calls of its own: %j", async (answer, proof, outcome, summary) => {
    const end = await prove({ invoker: new FakeFunction({ "*": answer }), functions: two(proof) }, { name: "gate" });

    expect(end).toMatchObject({ outcome, summary: expect.stringMatching(summary) });
  });
});

describe("smoke", () => {
  const run = (http: FakeApi, apiUrl: unknown = "https://abc/prod") =>
    handlers({ http }).smoke(
      fakeStepContext({
        step: { id: "smoke", kind: "smoke" },
        results: { "infrastructure.apply": { outputs: { api_url: apiUrl } } },
      }),
    );
  const answers = { "GET /health": { status: 200 }, "GET /orders": { status: 401 } };

  it("asks through the gateway, where it answers", async () => {
    const http = new FakeApi(answers);

    expect(await run(http)).toMatchObject({
      outcome: "done",
      result: { apiUrl: "http://api/prod", smoke: { passed: true } },
    });
    expect(http.asked).toEqual(["GET /health", "GET /orders"]);
  });

  it("fails when an answer is wrong, or none comes after several tries: it has all of the traffic", async () => {
    expect(await run(new FakeApi({ ...answers, "GET /orders": { status: 200 } }))).toMatchObject({
      outcome: "failed",
      summary: expect.stringMatching(/"locked" \(GET \/orders\): expected status 401, got 200/),
    });
    expect(await run(new FakeApi({ ...answers, "GET /orders": "silence" }))).toMatchObject({ outcome: "failed" });
  });

  it.each([null, 7, "abc"])("says where the URL should have been: %j", async (apiUrl) => {
    await expect(run(new FakeApi(answers), apiUrl)).rejects.toMatchObject({
      kind: "usage",
      why: expect.stringMatching(/^the output api_url is /),
    });
  });
});
