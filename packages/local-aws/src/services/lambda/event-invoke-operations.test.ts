import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type LambdaFixture, lambdaFixture } from "./lambda-fixture.ts";

const QUEUE = "arn:aws:sqs:us-east-1:000000000000:failures";
const ARN = "arn:aws:lambda:us-east-1:000000000000:function:fn";

let fixture: LambdaFixture;

beforeAll(async () => {
  fixture = lambdaFixture();
  await fixture.create();
  await fixture.publish("fn", "export const handler = async () => 1");
});
afterAll(() => fixture.dispose());

describe("how asynchronous invocations end", () => {
  test("is put as a whole, updated in part, listed by qualifier, and deleted", async () => {
    const FunctionName = "fn";
    const onFailure = { OnFailure: { Destination: QUEUE } };
    await fixture.call("PutFunctionEventInvokeConfig", {
      ...{ FunctionName, MaximumRetryAttempts: 0, DestinationConfig: onFailure },
    });
    await fixture.call("PutFunctionEventInvokeConfig", { FunctionName, Qualifier: "1", MaximumRetryAttempts: 1 });
    const updated = await fixture.call("UpdateFunctionEventInvokeConfig", {
      FunctionName,
      MaximumEventAgeInSeconds: 60,
    });
    expect(updated).toMatchObject({
      ...{ FunctionArn: `${ARN}:$LATEST`, MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
      DestinationConfig: { OnSuccess: {}, ...onFailure },
    });
    const { FunctionEventInvokeConfigs = [] } = await fixture.call("ListFunctionEventInvokeConfigs", { FunctionName });
    expect(FunctionEventInvokeConfigs.map(({ FunctionArn }) => FunctionArn).sort()).toEqual([
      `${ARN}:$LATEST`,
      `${ARN}:1`,
    ]);
    // Put replaces: what it does not name is gone.
    const put = await fixture.call("PutFunctionEventInvokeConfig", { FunctionName, MaximumRetryAttempts: 2 });
    expect(put.MaximumEventAgeInSeconds).toBeUndefined();
    expect(put.DestinationConfig).toEqual({ OnSuccess: {}, OnFailure: {} });
    await fixture.call("DeleteFunctionEventInvokeConfig", { FunctionName });
    const missing = `The function ${ARN}:$LATEST doesn't have an EventInvokeConfig`;
    await expect(fixture.call("GetFunctionEventInvokeConfig", { FunctionName })).rejects.toThrow(missing);
    await expect(fixture.call("UpdateFunctionEventInvokeConfig", { FunctionName })).rejects.toThrow(missing);
    await expect(fixture.call("DeleteFunctionEventInvokeConfig", { FunctionName })).rejects.toThrow(missing);
  });

  test.each([
    [{ MaximumRetryAttempts: 3 }, "Member must have value between 0 and 2, inclusive"],
    [{ MaximumEventAgeInSeconds: 59 }, "Member must have value between 60 and 21600, inclusive"],
    [{ DestinationConfig: { OnSuccess: { Destination: "failures" } } }, "DestinationConfig(failures) is invalid."],
    [{ DestinationConfig: { OnFailure: { Destination: `${QUEUE}.fifo` } } }, "standard SQS queues can be destinations"],
    [{ DestinationConfig: { OnFailure: { Destination: "arn:aws:s3:::bucket" } } }, "can be destinations"],
  ])("refuses %j", async (input, message) => {
    await expect(fixture.call("PutFunctionEventInvokeConfig", { FunctionName: "fn", ...input })).rejects.toThrow(
      message,
    );
  });
});
