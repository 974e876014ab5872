import { describe, expect, test } from "vitest";
import { plannedResource } from "./planned-resource.ts";

const planned = (type: string, change: object) =>
  plannedResource({
    ...{ address: `${type}.x`, mode: "managed", type, name: "x" },
    change: { actions: ["update"], before: null, after: null, ...change },
  });
const destroyed = { actions: ["delete"] };
const replaced = { actions: ["delete", "create"] };
const updated = (before: object, after: object) => ({ actions: ["update"], before, after });

describe("whether a change can be taken back", () => {
  test.each([
    ["an alarm that goes", "aws_cloudwatch_metric_alarm", destroyed],
    ["a permission that is made anew", "aws_lambda_permission", replaced],
    ["anything that is made", "aws_dynamodb_table", { actions: ["create"] }],
    ["anything that is forgotten", "aws_dynamodb_table", { actions: ["forget"] }],
    ["an index that comes back", "aws_dynamodb_table", updated({}, { global_secondary_index: [{ name: "by-day" }] })],
    [
      "logs that are kept longer",
      "aws_cloudwatch_log_group",
      updated({ retention_in_days: 7 }, { retention_in_days: 14 }),
    ],
    [
      "logs that are kept for ever",
      "aws_cloudwatch_log_group",
      updated({ retention_in_days: 7 }, { retention_in_days: 0 }),
    ],
  ])("%s is reversible", (_, type, change) => {
    expect(planned(type, change)).toMatchObject({ isReversible: true });
    expect(planned(type, change)).not.toHaveProperty("lost");
  });

  test.each([
    ["a function", "aws_lambda_function", destroyed, "versions"],
    ["an API's deployment", "aws_api_gateway_deployment", replaced, "another id"],
    ["what nobody knows", "aws_thing", destroyed, "beside its arguments"],
    [
      "logs that are kept shorter",
      "aws_cloudwatch_log_group",
      updated({ retention_in_days: 0 }, { retention_in_days: 7 }),
      "7 days",
    ],
    [
      "messages that are kept shorter",
      "aws_sqs_queue",
      updated({ message_retention_seconds: 9 }, { message_retention_seconds: 5 }),
      "5 seconds",
    ],
    [
      "point-in-time recovery that is turned off",
      "aws_dynamodb_table",
      updated({ point_in_time_recovery: [{ enabled: true }] }, { point_in_time_recovery: [{ enabled: false }] }),
      "every earlier second",
    ],
    ["a time to live", "aws_dynamodb_table", updated({ ttl: [] }, { ttl: [{ enabled: true }] }), "time to live"],
  ])("%s is not", (_, type, change, lost) => {
    expect(planned(type, change)).toMatchObject({ isReversible: false, lost: expect.stringContaining(lost) });
    expect(planned(type, change)).not.toHaveProperty("destroys");
  });

  test.each([destroyed, replaced])("data that is destroyed is named as AWS knows it", (change) => {
    const before = { name: "items-prod", id: "items-prod" };
    expect(planned("aws_dynamodb_table", { ...change, before })).toMatchObject({
      ...{ isReversible: false, lost: "the table, with what is in it" },
      destroys: { what: "table", name: "items-prod" },
    });
    expect(planned("aws_s3_bucket", { ...change, before: { bucket: "files", id: "files" } })?.destroys?.name).toBe(
      "files",
    );
  });

  test("a name that is sensitive is not told", () => {
    const before = { name: "secret-customer" };
    const resource = planned("aws_dynamodb_table", { ...destroyed, before, before_sensitive: { name: true } });
    expect(resource?.destroys).toEqual({ what: "table" });
  });
});
