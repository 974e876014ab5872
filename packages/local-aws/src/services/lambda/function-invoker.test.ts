import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { ECHO, type LambdaFixture, lambdaFixture, ROLE } from "./lambda-fixture.ts";

// Functions are processes, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let fixture: LambdaFixture;
beforeEach(() => {
  fixture = lambdaFixture();
});
afterEach(() => fixture.dispose());

const API = "arn:aws:execute-api:us-east-1:000000000000:abc/prod/GET/items";
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const text = (payload: Uint8Array | undefined | object) => Buffer.from(payload as Uint8Array).toString();

describe("Invoke", () => {
  test("answers with payload, executed version and log tail", async () => {
    await fixture.create(
      "fn",
      "export const handler = async (event, context) => { console.log('hello'); return [event, context.awsRequestId] }",
    );

    const answer = await fixture.call("Invoke", { FunctionName: "fn", Payload: bytes({ a: 1 }), LogType: "Tail" });

    expect(answer).toMatchObject({ StatusCode: 200, ExecutedVersion: "$LATEST" });
    expect(answer.FunctionError).toBeUndefined();
    expect(JSON.parse(text(answer.Payload))).toEqual([{ a: 1 }, "00000000-0000-4000-8000-000000000000"]);
    const log = Buffer.from(answer.LogResult ?? "", "base64").toString();
    expect(log).toMatch(/^START RequestId: .*\tINFO\thello\nEND RequestId: .*\nREPORT RequestId: /s);
  });

  test("says when the function failed", async () => {
    await fixture.create("fn", "export const handler = async () => { throw new Error('no') }");

    const answer = await fixture.call("Invoke", { FunctionName: "fn" });

    expect(answer).toMatchObject({ StatusCode: 200, FunctionError: "Unhandled" });
    expect(JSON.parse(text(answer.Payload))).toMatchObject({ errorType: "Error", errorMessage: "no" });
    expect(answer.LogResult).toBeUndefined();
  });

  test("hands over an empty event, the client context and the ARN with its qualifier", async () => {
    await fixture.create(
      "fn",
      "export const handler = async (event, context) => [event, context.clientContext, context.invokedFunctionArn]",
      { Publish: true },
    );

    const { payload } = await fixture.lambda.functions.invoke({
      functionName: "fn",
      qualifier: "1",
      payload: new Uint8Array(),
      clientContext: Buffer.from(JSON.stringify({ custom: { who: "Zoë" } })).toString("base64"),
    });

    expect(JSON.parse(text(payload))).toEqual([
      {},
      { custom: { who: "Zoë" } },
      "arn:aws:lambda:us-east-1:000000000000:function:fn:1",
    ]);
  });

  test("does nothing in a dry run", async () => {
    await fixture.create();

    expect(await fixture.call("Invoke", { FunctionName: "fn", InvocationType: "DryRun" })).toMatchObject({
      StatusCode: 204,
    });
    expect(fixture.messages).toEqual([]);
  });

  test.each([
    ["what is no JSON", { Payload: Buffer.from("{") }, "InvalidRequestContentException"],
    ["more than 6 MB", { Payload: Buffer.alloc(6_291_457, 49) }, "RequestTooLargeException"],
    [
      "an event of more than 1 MB",
      { Payload: Buffer.alloc(1_048_577, 49), InvocationType: "Event" as const },
      "RequestTooLargeException",
    ],
    ["a function that is not there", { FunctionName: "other" }, "ResourceNotFoundException"],
    ["a version that is not there", { Qualifier: "3" }, "ResourceNotFoundException"],
  ])("refuses %s", async (_what, input, code) => {
    await fixture.create();

    await expect(fixture.call("Invoke", { FunctionName: "fn", ...input })).rejects.toMatchObject({ code });
  });

  test("refuses when the role can no longer be assumed", async () => {
    await fixture.create();
    fixture.roles.delete(ROLE);

    await expect(fixture.invoke("fn")).rejects.toMatchObject({
      message: "The role defined for the function cannot be assumed by Lambda.",
    });
  });

  test("runs the version that an alias names, and published versions as they were", async () => {
    await fixture.create("fn", "export const handler = async () => process.env.AWS_LAMBDA_FUNCTION_VERSION", {
      Publish: true,
    });
    await fixture.call("CreateAlias", { FunctionName: "fn", Name: "live", FunctionVersion: "1" });
    await fixture.publish("fn", "export const handler = async () => 'second'");

    expect(await fixture.invoke("fn")).toBe("second");
    expect(await fixture.invoke("fn", {}, "live")).toBe("1");
    expect(await fixture.invoke("fn:2")).toBe("second");
  });
});

describe("invocations by services", () => {
  const invoke = (functionName: string, arn = API, service = "apigateway.amazonaws.com") =>
    fixture.lambda.functions.invoke({ functionName, payload: bytes({}), source: { service, arn } });
  const allow = (input: object) =>
    fixture.call("AddPermission", {
      FunctionName: "fn",
      StatementId: "api",
      Action: "lambda:InvokeFunction",
      Principal: "apigateway.amazonaws.com",
      ...input,
    });

  test("need a resource policy of what they invoke", async () => {
    await fixture.create("fn", ECHO, { Publish: true });
    await fixture.call("CreateAlias", { FunctionName: "fn", Name: "live", FunctionVersion: "1" });
    const denied = { code: "AccessDeniedException", options: { status: 403 } };

    await expect(invoke("fn:live")).rejects.toMatchObject(denied);
    await allow({ Qualifier: "live", SourceArn: "arn:aws:execute-api:us-east-1:000000000000:abc/*/GET/*" });

    expect((await invoke("fn:live")).status).toBe(200);
    await expect(invoke("fn")).rejects.toMatchObject(denied);
    await expect(invoke("fn:live", API.replace("GET", "POST"))).rejects.toMatchObject(denied);
    await expect(invoke("fn:live", API.replace("abc", "xyz"))).rejects.toMatchObject(denied);
    await expect(invoke("fn:live", API, "events.amazonaws.com")).rejects.toMatchObject(denied);
  });

  test.each([
    ["this account", { SourceAccount: "000000000000" }, true],
    ["another account", { SourceAccount: "111111111111" }, false],
    ["an organization", { PrincipalOrgID: "o-1" }, false],
    ["everybody", { Principal: "*" }, true],
    ["another action", { Action: "lambda:GetFunction" }, false],
  ])("with a statement for %s are judged by it", async (_what, input, allowed) => {
    await fixture.create();
    await allow(input);

    const attempt = invoke("fn").then(
      () => true,
      () => false,
    );

    expect(await attempt).toBe(allowed);
  });
});

describe("weighted aliases", () => {
  test("split invocations by weight", async () => {
    await fixture.create("fn", "export const handler = async () => 1", { Publish: true });
    await fixture.publish("fn", "export const handler = async () => 2");
    await fixture.call("CreateAlias", {
      FunctionName: "fn",
      Name: "live",
      FunctionVersion: "1",
      RoutingConfig: { AdditionalVersionWeights: { "2": 0.5 } },
    });
    const counts: Record<string, number> = {};
    const worker = async () => {
      for (let i = 0; i < 50; i++) {
        const { payload, executedVersion } = await fixture.lambda.functions.invoke({
          functionName: "fn:live",
          payload: bytes({}),
        });
        expect(text(payload)).toBe(executedVersion);
        counts[executedVersion] = (counts[executedVersion] ?? 0) + 1;
      }
    };

    await Promise.all([worker(), worker(), worker(), worker()]);

    // 200 fair coins: outside of 5 standard deviations (7.1 each) once in a million and a half runs.
    expect((counts["1"] ?? 0) + (counts["2"] ?? 0)).toBe(200);
    expect(Math.abs((counts["1"] ?? 0) - 100)).toBeLessThan(36);
    expect(count("Invocations", { FunctionName: "fn", Resource: "fn:live" })).toBe(200);
    expect(count("Invocations", { FunctionName: "fn", Resource: "fn:live", ExecutedVersion: "2" })).toBe(counts["2"]);
  });

  test.each([
    [0, 1],
    [0.25, 0.25],
    [1, 0],
  ])("with a weight of %d leave %d to the main version", async (weight, _left) => {
    const draws = [0, 0.2, 0.25, 0.999];
    await fixture.dispose();
    let next = 0;
    fixture = lambdaFixture({ random: () => draws[next++ % draws.length] as number });
    await fixture.create("fn", ECHO, { Publish: true });
    await fixture.publish("fn", ECHO);
    await fixture.call("CreateAlias", {
      FunctionName: "fn",
      Name: "live",
      FunctionVersion: "1",
      RoutingConfig: { AdditionalVersionWeights: { "2": weight } },
    });

    const versions: string[] = [];
    for (const _ of draws) {
      versions.push(
        (await fixture.lambda.functions.invoke({ functionName: "fn:live", payload: bytes({}) })).executedVersion,
      );
    }

    expect(versions).toEqual(draws.map((draw) => (draw < weight ? "2" : "1")));
  });
});

describe("concurrency", () => {
  test("that is reserved throttles what goes beyond it", async () => {
    await fixture.create(
      "fn",
      "export const handler = async () => { await new Promise((r) => setTimeout(r, 300)); return 1 }",
    );
    await fixture.call("PutFunctionConcurrency", { FunctionName: "fn", ReservedConcurrentExecutions: 1 });

    const results = await Promise.allSettled([fixture.invoke("fn"), fixture.invoke("fn")]);
    const later = await fixture.invoke("fn");

    expect(results).toMatchObject([
      { status: "fulfilled", value: 1 },
      {
        status: "rejected",
        reason: {
          code: "TooManyRequestsException",
          options: { fields: { Reason: "ReservedFunctionConcurrentInvocationLimitExceeded" } },
        },
      },
    ]);
    expect(later).toBe(1);
    expect(count("Throttles", { FunctionName: "fn" })).toBe(1);
    expect(count("Invocations", { FunctionName: "fn" })).toBe(2);
    expect(count("Throttles", {})).toBe(1);
    expect(fixture.metrics.filter(({ name }) => name === "Errors").every(({ value }) => value === 0)).toBe(true);
    // A function with concurrency of its own takes none of the others'.
    expect(fixture.metrics.some(({ name }) => name === "UnreservedConcurrentExecutions")).toBe(false);
    const { Concurrency } = await fixture.call("GetFunction", { FunctionName: "fn" });
    expect(Concurrency).toEqual({ ReservedConcurrentExecutions: 1 });
  });

  test("cannot all be reserved", async () => {
    await fixture.create();

    await expect(
      fixture.call("PutFunctionConcurrency", { FunctionName: "fn", ReservedConcurrentExecutions: 901 }),
    ).rejects.toMatchObject({ code: "InvalidParameterValueException" });
    await fixture.call("PutFunctionConcurrency", { FunctionName: "fn", ReservedConcurrentExecutions: 900 });
    expect((await fixture.call("GetAccountSettings", {})).AccountLimit).toMatchObject({
      UnreservedConcurrentExecutions: 100,
    });
    await fixture.call("DeleteFunctionConcurrency", { FunctionName: "fn" });
    expect(await fixture.call("GetFunctionConcurrency", { FunctionName: "fn" })).toEqual({});
  });
});

describe("metrics", () => {
  test("of a failed invocation through an alias have AWS's names, dimensions and units", async () => {
    await fixture.create("fn", "export const handler = async () => { throw new Error('no') }", { Publish: true });
    await fixture.call("CreateAlias", { FunctionName: "fn", Name: "live", FunctionVersion: "1" });

    await fixture.lambda.functions.invoke({ functionName: "fn:live", payload: bytes({}) });

    const errors = fixture.metrics.filter(({ name }) => name === "Errors");
    expect(errors.map(({ dimensions }) => dimensions)).toEqual([
      {},
      { FunctionName: "fn" },
      { FunctionName: "fn", Resource: "fn:live" },
      { FunctionName: "fn", Resource: "fn:live", ExecutedVersion: "1" },
    ]);
    expect(
      errors.every(({ value, unit, namespace }) => value === 1 && unit === "Count" && namespace === "AWS/Lambda"),
    ).toBe(true);
    expect(new Set(fixture.metrics.map(({ name, unit }) => `${name} ${unit}`))).toEqual(
      new Set([
        "ConcurrentExecutions Count",
        "UnreservedConcurrentExecutions Count",
        "Invocations Count",
        "Errors Count",
        "Throttles Count",
        "Duration Milliseconds",
      ]),
    );
    expect(count("ConcurrentExecutions", { FunctionName: "fn" })).toBe(1);
    expect(count("UnreservedConcurrentExecutions", {})).toBe(1);
  });
});

function count(name: string, dimensions: Record<string, string>): number {
  return fixture.metrics
    .filter((datum) => datum.name === name && JSON.stringify(datum.dimensions) === JSON.stringify(dimensions))
    .reduce((total, { value }) => total + value, 0);
}
