import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type LambdaFixture, lambdaFixture, ROLE } from "./lambda-fixture.ts";

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
  await expect.poll(ends).toBe(1);
  await fixture.core.clock.advance(10 * MINUTE);
  expect(ends()).toBe(1);
});

test("a failure is tried again after one minute and after two more, with the same request id", async () => {
  await fixture.create("fn", FAILS);
  await sendEvent();
  await expect.poll(ends).toBe(1);

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
  await expect.poll(() => fixture.published.length).toBe(2);
  await sendEvent({ fine: true });
  await expect.poll(() => fixture.published.length).toBe(3);

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

  await expect.poll(() => fixture.messages.join("\n")).toMatch(/AUDIT Success ok/);
  await expect(
    fixture.call("PutFunctionEventInvokeConfig", {
      FunctionName: "fn",
      DestinationConfig: { OnFailure: { Destination: "arn:aws:events:us-east-1:000000000000:event-bus/default" } },
    }),
  ).rejects.toMatchObject({
    message: expect.stringContaining("functions, SNS topics and standard SQS queues can be destinations"),
  });
});

test("queues take dead letters with what went wrong, and what destinations are told", async () => {
  const queue = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
  await fixture.create("fn", FAILS, { DeadLetterConfig: { TargetArn: queue("dead") } });
  await fixture.call("PutFunctionEventInvokeConfig", {
    FunctionName: "fn",
    MaximumRetryAttempts: 0,
    DestinationConfig: { OnFailure: { Destination: queue("failed") }, OnSuccess: { Destination: queue("done") } },
  });

  await sendEvent({ a: 1 });
  await expect.poll(() => fixture.queued.length).toBe(2);
  await sendEvent({ fine: true });
  await expect.poll(() => fixture.queued.length).toBe(3);

  const [failed, dead, done] = fixture.queued;
  expect(failed?.queueArn).toBe(queue("failed"));
  expect(JSON.parse(failed?.body ?? "")).toMatchObject({
    requestContext: { condition: "RetriesExhausted" },
    requestPayload: { a: 1 },
    responsePayload: { errorMessage: "no" },
  });
  const requestId = fixture.messages.find((message) => message.startsWith("START"))?.split(" ")[2];
  expect(dead).toMatchObject({
    queueArn: queue("dead"),
    body: '{"a":1}',
    attributes: {
      RequestID: { type: "String", value: requestId },
      ErrorCode: { type: "Number", value: "200" },
      ErrorMessage: { type: "String", value: "no" },
    },
    source: { service: "lambda.amazonaws.com", roleArn: ROLE },
  });
  expect(done?.queueArn).toBe(queue("done"));
  const counted = (metric: string) => fixture.metrics.filter(({ name }) => name === metric).length;
  expect([counted("DeadLetterErrors"), counted("DestinationDeliveryFailures")]).toEqual([0, 0]);
});

test("a queue that is gone is counted, not silently skipped", async () => {
  const missing = "arn:aws:sqs:us-east-1:000000000000:missing";
  await fixture.create("fn", FAILS, { DeadLetterConfig: { TargetArn: missing } });
  await fixture.call("PutFunctionEventInvokeConfig", {
    FunctionName: "fn",
    MaximumRetryAttempts: 0,
    DestinationConfig: { OnFailure: { Destination: missing } },
  });
  await sendEvent();

  const counted = (metric: string) =>
    fixture.metrics.filter(({ name, dimensions }) => name === metric && dimensions.Resource === "fn").length;
  await expect.poll(() => counted("DeadLetterErrors")).toBe(1);
  expect(counted("DestinationDeliveryFailures")).toBe(1);
});

test("a throttled event waits its turn", async () => {
  await fixture.create("fn", FAILS);
  await fixture.call("PutFunctionConcurrency", { FunctionName: "fn", ReservedConcurrentExecutions: 0 });
  await sendEvent({ fine: true });
  const throttles = () =>
    fixture.metrics.filter(({ name, dimensions }) => name === "Throttles" && dimensions.Resource === "fn").length;
  await expect.poll(throttles).toBe(1);
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
  await expect.poll(ends).toBe(1);
  await fixture.restart();

  await fixture.core.clock.advance(MINUTE + 1000);

  expect(ends()).toBe(2);
});

test("an event whose function is gone is dropped", async () => {
  await fixture.create("fn", FAILS);
  await sendEvent();
  await expect.poll(ends).toBe(1);
  await fixture.call("DeleteFunction", { FunctionName: "fn" });

  await fixture.core.clock.advance(60 * MINUTE);

  expect(ends()).toBe(1);
  expect(fixture.core.store.collection("lambda/async-events").entries()).toEqual([]);
});
