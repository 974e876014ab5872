import { type SmokeScenario, type SmokeScenarioInput, smokeScenarioSchema } from "@slipway/contracts";
import { ManualClock } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import type { HttpClient } from "./ports/http-client.ts";
import { runSmokeTests, type SmokeOptions } from "./run-smoke-tests.ts";
import { FakeApi } from "./test/fake-api.ts";

const crud: SmokeScenarioInput = {
  steps: [
    {
      name: "create",
      method: "POST",
      path: "/orders",
      body: { reference: "smoke {runId}" },
      expect: { status: 201, jsonSubset: { reference: "smoke {runId}" } },
      capture: { id: { json: "/id" }, tag: { header: "ETag" } },
    },
    {
      name: "change",
      method: "PUT",
      path: "/orders/{id}",
      headers: { "If-Match": "{tag}" },
      body: { copyOf: "{id}", note: "was {id}" },
      expect: { status: 200, headers: { etag: "{tag}" } },
    },
    { name: "alive", method: "GET", path: "/health", expect: { status: 200 } },
  ],
  cleanup: [{ name: "remove", method: "DELETE", path: "/orders/{id}", expect: { status: [204, 404] } }],
};

const working = {
  "POST /orders": { status: 201, headers: { etag: '"1"' }, body: { id: 7, reference: "smoke abc" } },
  "PUT /orders/7": { status: 200, headers: { etag: '"1"' } },
  "GET /health": { status: 200 },
  "DELETE /orders/7": { status: 204 },
};

async function run(api: FakeApi, input: SmokeScenarioInput, options: SmokeOptions = {}) {
  const scenario: SmokeScenario = smokeScenarioSchema.parse(input);
  const clock = new ManualClock();
  const result = await runSmokeTests({ http: api, clock }, "http://api/prod/", scenario, { runId: "abc", ...options });
  const outcomes = [...result.steps, ...result.cleanup].map(({ name, outcome }) => `${name}: ${outcome}`);
  return { result, outcomes, clock };
}

describe("runSmokeTests", () => {
  it("runs every step in order with captured values, then cleans up", async () => {
    const api = new FakeApi(working);
    const seen: string[] = [];

    const { result, outcomes } = await run(api, crud, { onStep: ({ name }) => seen.push(name) });

    expect(result.passed).toBe(true);
    expect(outcomes).toEqual(["create: passed", "change: passed", "alive: passed", "remove: passed"]);
    expect(seen).toEqual(["create", "change", "alive", "remove"]);
    expect(api.asked).toEqual(["POST /orders", "PUT /orders/7", "GET /health", "DELETE /orders/7"]);
    expect(api.requests[0]).toMatchObject({
      headers: { "Content-Type": "application/json" },
      body: '{"reference":"smoke abc"}',
      timeoutMs: 30_000,
    });
    // A string that is one placeholder keeps the captured value's type.
    expect(api.requests[1]).toMatchObject({ headers: { "If-Match": '"1"' }, body: '{"copyOf":7,"note":"was 7"}' });
  });

  it("percent-encodes captured values in paths", async () => {
    const api = new FakeApi({
      ...working,
      "POST /orders": { status: 201, headers: { etag: "t" }, body: { id: "a/b?", reference: "smoke abc" } },
    });

    await run(api, crud);

    expect(api.asked[1]).toBe("PUT /orders/a%2Fb%3F");
  });

  it("says what was expected and what came, goes on with what can be judged, and cleans up", async () => {
    const api = new FakeApi({ ...working, "PUT /orders/7": { status: 500, body: "boom ".repeat(200) } });

    const { result, outcomes } = await run(api, crud);

    expect(result.passed).toBe(false);
    expect(outcomes).toEqual(["create: passed", "change: failed", "alive: passed", "remove: passed"]);
    const [, change] = result.steps;
    expect(change).toMatchObject({ request: "PUT /orders/7", status: 500, attempts: 1 });
    expect(change?.message).toMatch(/^expected status 200, got 500\nboom boom [\s\S]*\.\.\.$/);
    expect(change?.message?.length).toBeLessThan(600);
  });

  it("cleans up what a step made that failed nevertheless", async () => {
    const api = new FakeApi({ ...working, "POST /orders": { status: 200, headers: { etag: "t" }, body: { id: 7 } } });

    const { outcomes } = await run(api, crud);

    expect(outcomes).toEqual(["create: failed", "change: failed", "alive: passed", "remove: passed"]);
    expect(api.asked).toContain("DELETE /orders/7");
  });

  it("skips what needs a value that did not come, and has nothing to clean up then", async () => {
    const api = new FakeApi({ ...working, "POST /orders": { status: 400, body: { error: "no" } } });

    const { result, outcomes } = await run(api, crud);

    expect(outcomes).toEqual(["create: failed", "change: skipped", "alive: passed"]);
    expect(result.steps[1]?.message).toBe("no step before it yielded {id}, {tag}");
  });

  it("fails a step whose answer lacks what it captures", async () => {
    const api = new FakeApi({
      ...working,
      "POST /orders": { status: 201, body: { id: { nested: 1 }, reference: "smoke abc" } },
    });

    const { result } = await run(api, crud);

    expect(result.steps[0]).toMatchObject({
      outcome: "failed",
      message: "id is captured from the body at /id, where there is no text or number",
    });
  });

  it("asks nothing more once the API does not answer, but still cleans up", async () => {
    const api = new FakeApi({ ...working, "PUT /orders/7": ["silence", { status: 200 }] });

    const { result, outcomes } = await run(api, crud);

    expect(outcomes).toEqual(["create: passed", "change: failed", "alive: skipped", "remove: passed"]);
    expect(result.steps[1]?.message).toBe("got no answer: ECONNREFUSED");
    expect(result.steps[2]?.message).toBe('the API did not answer "change"');
  });

  it("fails when it cannot clean up", async () => {
    const api = new FakeApi({ ...working, "DELETE /orders/7": { status: 403 } });

    const { result } = await run(api, crud);

    expect(result.passed).toBe(false);
    expect(result.cleanup[0]?.message).toBe("expected status 204 or 404, got 403\n(no body)");
  });

  it("cleans up before it stops, and asks nothing else", async () => {
    const abort = new AbortController();
    const api = new FakeApi(working);

    const stopped = run(api, crud, { signal: abort.signal, onStep: () => abort.abort() });

    await expect(stopped).rejects.toMatchObject({
      kind: "interrupted",
      what: "Stopped in the middle of the smoke test; what it had made is cleaned up",
    });
    expect(api.asked).toEqual(["POST /orders", "DELETE /orders/7"]);
  });

  it("says what is left when it could not clean up before it stopped", async () => {
    const abort = new AbortController();
    const api = new FakeApi({ ...working, "DELETE /orders/7": { status: 503 } });

    const stopped = run(api, crud, { signal: abort.signal, onStep: () => abort.abort() });

    await expect(stopped).rejects.toMatchObject({
      kind: "interrupted",
      what: expect.stringMatching(/NOT cleaned up: DELETE \/orders\/7 \(expected status 204 or 404, got 503/),
      next: "clean that up by hand, then begin anew",
    });
  });
});

describe("runSmokeTests, where it may ask again", () => {
  const alive: SmokeScenarioInput["steps"][number] = {
    name: "alive",
    method: "GET",
    path: "/health",
    expect: { status: 200 },
  };

  it("waits for the first 200, and counts how often it asked", async () => {
    const api = new FakeApi({ "GET /health": ["silence", { status: 503 }, { status: 200 }] });

    const { result, clock } = await run(api, { ready: { path: "/health", withinSeconds: 5 }, steps: [alive] });

    expect(result).toMatchObject({ passed: true, steps: [{ name: "the API answers", attempts: 3 }, { attempts: 1 }] });
    expect(result.steps[0]?.durationMs).toBe(500);
    expect(clock.now()).toBeGreaterThan(0);
  });

  it("gives up in time, with the last reason", async () => {
    const api = new FakeApi({ "GET /health": { status: 503, body: { detail: "no release yet" } } });

    const { result, outcomes } = await run(api, { ready: { path: "/health", withinSeconds: 2 }, steps: [alive] });

    expect(outcomes).toEqual(["the API answers: failed", "alive: skipped"]);
    expect(result.steps[0]?.message).toMatch(
      /no status 200 within 2 s; the last time: expected status 200, got 503\n.*no release yet/,
    );
    expect(result.durationMs).toBe(2_000);
  });

  const list: SmokeScenarioInput = {
    steps: [
      {
        ...{ name: "list", method: "GET", path: "/orders", eventuallyWithinSeconds: 3 },
        expect: { status: 200, jsonSubset: { orders: [{ id: 7 }] } },
      },
    ],
  };

  it("asks again for content that may come late", async () => {
    const api = new FakeApi({
      "GET /orders": [
        { status: 200, body: { orders: [] } },
        { status: 200, body: { orders: [{ id: 3 }, { id: 7 }] } },
      ],
    });

    expect((await run(api, list)).result).toMatchObject({ passed: true, steps: [{ attempts: 2 }] });
  });

  it("does not ask again after a wrong status", async () => {
    const api = new FakeApi({ "GET /orders": [{ status: 500 }, { status: 200, body: { orders: [{ id: 7 }] } }] });

    expect((await run(api, list)).result).toMatchObject({ passed: false, steps: [{ attempts: 1, status: 500 }] });
  });

  it("fails when the content never comes", async () => {
    const api = new FakeApi({ "GET /orders": { status: 200, body: { orders: [] } } });

    const { result } = await run(api, list);

    expect(result.steps[0]).toMatchObject({ outcome: "failed", durationMs: 3_000 });
    expect(result.steps[0]?.message).toMatch(/^\/orders\/0: no element of the 0 matches \{"id":7\}/);
  });

  it("sends again what is not answered and changes nothing, and says how often", async () => {
    const twice = new FakeApi({ "GET /health": ["silence", "silence", { status: 200 }] });
    expect((await run(twice, { steps: [alive] })).result).toMatchObject({ passed: true, steps: [{ attempts: 3 }] });

    const never = new FakeApi({ "GET /health": "silence" });
    expect((await run(never, { steps: [alive] })).result).toMatchObject({ passed: false, steps: [{ attempts: 3 }] });
  });

  it("sends a creation again only where it has an Idempotency-Key", async () => {
    const create: SmokeScenarioInput["steps"][number] = {
      ...{ name: "create", method: "POST", path: "/orders", expect: { status: 201 } },
    };
    const api = () => new FakeApi({ "POST /orders": ["silence", { status: 201 }] });

    expect((await run(api(), { steps: [create] })).result).toMatchObject({ passed: false, steps: [{ attempts: 1 }] });
    const keyed = { ...create, headers: { "idempotency-key": "{runId}" } };
    expect((await run(api(), { steps: [keyed] })).result).toMatchObject({ passed: true, steps: [{ attempts: 2 }] });
  });

  it("fails what takes too long, with both numbers", async () => {
    const clock = new ManualClock();
    const api = new FakeApi({ "GET /health": { status: 200 } });
    const slow: HttpClient = {
      async send(request) {
        await clock.sleep(180);
        return api.send(request);
      },
    };
    const within = (withinMs: number) =>
      runSmokeTests(
        { http: slow, clock },
        "http://api/prod",
        smokeScenarioSchema.parse({ steps: [{ ...alive, expect: { status: 200, withinMs } }] }),
      );

    expect(await within(180)).toMatchObject({ passed: true });
    expect((await within(179)).steps[0]).toMatchObject({
      outcome: "failed",
      message: "expected an answer within 179 ms, it took 180 ms",
    });
  });
});

describe("runSmokeTests, one way or the other", () => {
  const scenario: SmokeScenarioInput = {
    steps: [
      { name: "both", method: "GET", path: "/both", expect: { status: 200 } },
      { name: "refused", method: "GET", path: "/locked", through: "gateway", expect: { status: 401 } },
      { name: "let in", method: "GET", path: "/locked", through: "version", expect: { status: 200 } },
    ],
  };
  const answers = { "GET /both": { status: 200 } };

  it.each([
    ["gateway", 401, ["both: passed", "refused: passed", "let in: left-out"]],
    ["version", 200, ["both: passed", "refused: left-out", "let in: passed"]],
  ] as const)("asks by the %s what is for it, and shows what it leaves out", async (through, status, expected) => {
    const { result, outcomes } = await run(new FakeApi({ ...answers, "GET /locked": { status } }), scenario, {
      through,
    });

    expect(outcomes).toEqual(expected);
    expect(result.passed).toBe(true);
  });

  it("has not passed where everything was left out", async () => {
    const { result } = await run(new FakeApi({}), { steps: scenario.steps.slice(1, 2) }, { through: "version" });

    expect(result).toMatchObject({
      passed: false,
      steps: [{ outcome: "left-out", message: "only the gateway answers it" }],
    });
  });
});
