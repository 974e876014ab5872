import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type LambdaFixture, lambdaFixture } from "./lambda-fixture.ts";

// Functions are processes, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let fixture: LambdaFixture;
beforeEach(() => {
  fixture = lambdaFixture();
});
afterEach(() => fixture.dispose());

const MINUTE = 60_000;
const FAILS =
  "export const handler = async (event) => { console.log('attempt'); if (!event.fine) throw new Error('no'); return 'ok' }";
const ends = () => fixture.messages.filter((message) => message.startsWith("REPORT")).length;
const sendEvent = (event: unknown = {}, functionName = "fn") =>
  fixture.lambda.functions.invoke({
    functionName,
    payload: Buffer.from(JSON.stringify(event)),
    invocationType: "Event",
  });

test("an event is accepted at once, and run", async () => {
  await fixture.create("fn", FAILS);

  const { status } = await sendEvent({ fine: true });

  expect(status).toBe(202);
  expect(ends()).toBe(0);
  await expect.poll(ends, { timeout: 10_000 }).toBe(1);
  await fixture.core.clock.advance(10 * MINUTE);
  expect(ends()).toBe(1);
});

test("a failure is tried again after one minute and after two more, with the same request id", async () => {
  await fixture.create("fn", FAILS);
  await sendEvent();
  await expect.poll(ends, { timeout: 10_000 }).toBe(1);

  await fixture.core.clock.advance(MINUTE - 10_000);
  expect(ends()).toBe(1);
  await fixture.core.clock.advance(11_000);
  expect(ends()).toBe(2);
  await fixture.core.clock.advance(2 * MINUTE - 20_000);
  expect(ends()).toBe(2);
  await fixture.core.clock.advance(30_000);
  expect(ends()).toBe(3);
  await fixture.core.clock.advance(60 * MINUTE);
  expect(ends()).toBe(3);

  const ids = fixture.messages.filter((message) => message.startsWith("START")).map((message) => message.split(" ")[2]);
  expect(new Set(ids).size).toBe(1);
  expect(
    fixture.metrics.filter(({ name, dimensions }) => name === "AsyncEventsDropped" && dimensions.Resource === "fn"),
  ).toHaveLength(1);
});

test("retries, age and destinations are the function's to choose", async () => {
  await fixture.create("fn", FAILS, { DeadLetterConfig: { TargetArn: "arn:aws:sns:us-east-1:000000000000:dead" } });
  const put = await fixture.call("PutFunctionEventInvokeConfig", {
    FunctionName: "fn",
    MaximumRetryAttempts: 0,
    MaximumEventAgeInSeconds: 60,
    DestinationConfig: {
      OnFailure: { Destination: "arn:aws:sns:us-east-1:000000000000:failed" },
      OnSuccess: { Destination: "arn:aws:sns:us-east-1:000000000000:done" },
    },
  });

  await sendEvent({ a: 1 });
  await expect.poll(() => fixture.published.length, { timeout: 10_000 }).toBe(2);
  await sendEvent({ fine: true });
  await expect.poll(() => fixture.published.length, { timeout: 10_000 }).toBe(3);

  const [failed, dead, done] = fixture.published;
  expect(failed?.topic).toMatch(/:failed$/);
  expect(JSON.parse(failed?.message ?? "")).toMatchObject({
    requestContext: {
      condition: "RetriesExhausted",
      approximateInvokeCount: 1,
      functionArn: "arn:aws:lambda:us-east-1:000000000000:function:fn:$LATEST",
    },
    requestPayload: { a: 1 },
    responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    responsePayload: { errorMessage: "no" },
  });
  expect(dead).toEqual({ topic: "arn:aws:sns:us-east-1:000000000000:dead", message: '{"a":1}' });
  expect(done?.topic).toMatch(/:done$/);
  expect(ends()).toBe(2);
  expect(put).toMatchObject({
    FunctionArn: "arn:aws:lambda:us-east-1:000000000000:function:fn:$LATEST",
    MaximumRetryAttempts: 0,
    MaximumEventAgeInSeconds: 60,
  });
  await fixture.call("DeleteFunctionEventInvokeConfig", { FunctionName: "fn" });
  await expect(fixture.call("GetFunctionEventInvokeConfig", { FunctionName: "fn" })).rejects.toMatchObject({
    code: "ResourceNotFoundException",
  });
});

test("a function can be a destination", async () => {
  await fixture.create("fn", FAILS);
  await fixture.create(
    "audit",
    "export const handler = async (event) => { console.log('AUDIT', event.requestContext.condition, event.responsePayload) }",
  );
  await fixture.call("PutFunctionEventInvokeConfig", {
    FunctionName: "fn",
    DestinationConfig: { OnSuccess: { Destination: "arn:aws:lambda:us-east-1:000000000000:function:audit" } },
  });

  await sendEvent({ fine: true });

  await expect.poll(() => fixture.messages.join("\n"), { timeout: 10_000 }).toMatch(/AUDIT Success ok/);
  await expect(
    fixture.call("PutFunctionEventInvokeConfig", {
      FunctionName: "fn",
      DestinationConfig: { OnFailure: { Destination: "arn:aws:sqs:us-east-1:000000000000:q" } },
    }),
  ).rejects.toMatchObject({ message: expect.stringContaining("functions and SNS topics can be destinations") });
});

test("a throttled event waits its turn", async () => {
  await fixture.create("fn", FAILS);
  await fixture.call("PutFunctionConcurrency", { FunctionName: "fn", ReservedConcurrentExecutions: 0 });
  await sendEvent({ fine: true });
  const throttles = () =>
    fixture.metrics.filter(({ name, dimensions }) => name === "Throttles" && dimensions.Resource === "fn").length;
  await expect.poll(throttles, { timeout: 10_000 }).toBe(1);
  await fixture.core.clock.advance(1500);
  await fixture.core.clock.advance(2500);
  expect(throttles()).toBe(3);

  await fixture.call("DeleteFunctionConcurrency", { FunctionName: "fn" });
  await fixture.core.clock.advance(10 * MINUTE);

  expect(ends()).toBe(1);
});

test("an accepted event outlives local AWS", async () => {
  await fixture.create("fn", FAILS);
  await sendEvent();
  await expect.poll(ends, { timeout: 10_000 }).toBe(1);
  await fixture.restart();

  await fixture.core.clock.advance(MINUTE + 1000);

  expect(ends()).toBe(2);
});

test("an event whose function is gone is dropped", async () => {
  await fixture.create("fn", FAILS);
  await sendEvent();
  await expect.poll(ends, { timeout: 10_000 }).toBe(1);
  await fixture.call("DeleteFunction", { FunctionName: "fn" });

  await fixture.core.clock.advance(60 * MINUTE);

  expect(ends()).toBe(1);
  expect(fixture.core.store.collection("lambda/async-events").entries()).toEqual([]);
});
