import { describe, expect, it } from "vitest";
import { describeProblems } from "./describe-problems.ts";
import { smokeScenarioSchema } from "./smoke-scenario.ts";

const create = {
  name: "create",
  method: "POST",
  path: "/orders",
  body: { reference: "smoke {runId}" },
  expect: { status: 201 },
  capture: { id: { json: "/id" }, tag: { header: "ETag" } },
};

function problemsOf(scenario: unknown): string[] {
  const result = smokeScenarioSchema.safeParse(scenario, { reportInput: true });
  return result.success ? [] : describeProblems(result.error);
}

describe("smokeScenarioSchema", () => {
  it("accepts captured values in paths, headers, bodies, expectations and cleanup", () => {
    const change = {
      name: "change",
      method: "PUT",
      path: "/orders/{id}",
      headers: { "If-Match": "{tag}" },
      body: { parent: "{id}" },
      expect: { status: [200, 204], headers: { ETag: "{tag}" }, jsonSubset: { ids: ["{id}"] } },
    };
    const remove = { name: "remove", method: "DELETE", path: "/orders/{id}", expect: { status: 204 } };

    expect(problemsOf({ steps: [create, change], cleanup: [remove] })).toEqual([]);
  });

  it("refuses a placeholder that no earlier step captures, also in the step's own request", () => {
    const early = { name: "read", method: "GET", path: "/orders/{id}", expect: { status: 200 } };
    const own = { ...create, headers: { "If-Match": "{tag}" } };

    expect(problemsOf({ steps: [early, own] })).toEqual([
      "steps[0].path: {id} is captured by no step before this one; known here: runId",
      "steps[1].headers: {tag} is captured by no step before this one; known here: runId",
    ]);
  });

  it("refuses to repeat anything but a GET, and a body where there is none", () => {
    const get = { name: "get", method: "GET", path: "/", body: {}, expect: { status: 200 } };

    expect(problemsOf({ steps: [{ ...create, eventuallyWithinSeconds: 5 }] })).toEqual([
      "steps[0].eventuallyWithinSeconds: is for GET only: a POST must not be repeated",
    ]);
    expect(problemsOf({ steps: [get] })).toEqual(["steps[0].body: a GET request has no body"]);
  });

  it.each([
    [{ status: 20 }, "steps[0].expect.status: expected an HTTP status, 100 to 599"],
    [{ status: [] }, "steps[0].expect.status: Too small: expected array to have >=1 items"],
    [{}, "steps[0].expect.status: expected an HTTP status, or a list of them"],
    [
      { status: 200, body: {} },
      "steps[0].expect.body: is not a known key here; known keys: status, headers, withinMs, jsonSubset",
    ],
  ])("refuses the expectation %j", (expectation, problem) => {
    expect(problemsOf({ steps: [{ ...create, expect: expectation }] })).toEqual([problem]);
  });

  it("refuses a capture that is neither a pointer nor a header", () => {
    expect(problemsOf({ steps: [{ ...create, capture: { id: { json: "id" } } }] })).toEqual([
      'steps[0].capture.id.json: expected a JSON pointer such as "/id" (RFC 6901)',
    ]);
    expect(problemsOf({ steps: [{ ...create, capture: { id: "/id" } }] })).toEqual([
      'steps[0].capture.id: expected { json: "/pointer" } or { header: "name" }',
    ]);
  });
});
