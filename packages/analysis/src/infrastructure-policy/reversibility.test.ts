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
    ["what nobody has listed of a bucket", "aws_s3_object", updated({ etag: "1" }, { etag: "2" }), "nobody has listed"],
    ["what nobody has listed of users", "aws_cognito_user_pool", updated({ schema: [] }, { schema: [{}] }), "listed"],
  ])("%s is not", (_, type, change, lost) => {
    expect(planned(type, change)).toMatchObject({ isReversible: false, lost: expect.stringContaining(lost) });
  });

  test("tags of a bucket or a key can be set back, and so can the policy of a bucket", () => {
    for (const type of ["aws_s3_bucket", "aws_kms_key"]) {
      expect(planned(type, updated({ tags: { a: "1" } }, { tags: { a: "2" } }))).toMatchObject({ isReversible: true });
    }
    expect(planned("aws_s3_bucket_policy", updated({ policy: "a" }, { policy: "b" }))).toMatchObject({
      isReversible: true,
    });
  });

  test.each([
    [
      "aws_cloudwatch_log_group",
      { name: "/logs", retention_in_days: 30 },
      { name: "/logs", retention_in_days: 1 },
      { what: "older events of the log group", name: "/logs" },
    ],
    [
      "aws_sqs_queue",
      { name: "jobs", message_retention_seconds: 9 },
      { name: "jobs", message_retention_seconds: 5 },
      { what: "older messages of the queue", name: "jobs" },
    ],
    [
      "aws_dynamodb_table",
      { name: "items", ttl: [] },
      { name: "items", ttl: [{ enabled: true }] },
      { what: "expiring items of the table", name: "items" },
    ],
    [
      "aws_dynamodb_table",
      { name: "items", point_in_time_recovery: [{ enabled: true }] },
      { name: "items", point_in_time_recovery: [] },
      { what: "point-in-time recovery of the table", name: "items" },
    ],
  ])("data that an update of %s destroys is named, too", (type, before, after, destroys) => {
    expect(planned(type, updated(before, after))).toMatchObject({ isReversible: false, destroys });
    expect(planned(type, updated(after, before))).not.toHaveProperty("destroys");
  });

  test("rules that let objects of a bucket expire destroy them, where they are new and the bucket is not", () => {
    const type = "aws_s3_bucket_lifecycle_configuration";
    const rules = (days: number) => ({ bucket: "files", rule: [{ id: "old", expiration: [{ days }] }] });
    const created = (after: object) => planned(type, { actions: ["create"], after });
    const destroys = { what: "expiring objects of the bucket", name: "files" };
    expect(created(rules(1))).toMatchObject({ isReversible: false, destroys });
    expect(planned(type, updated(rules(30), rules(1)))).toMatchObject({ isReversible: false, destroys });
    expect(planned(type, updated(rules(30), { ...rules(30), timeouts: null }))).not.toHaveProperty("destroys");
    expect(created({ rule: rules(1).rule })).toMatchObject({ isReversible: true });
    expect(created({ bucket: "files", rule: [{ id: "move", transition: [{ days: 1 }] }] })).toMatchObject({
      isReversible: true,
    });
  });

  test.each([destroyed, replaced])("data that is destroyed is named as AWS knows it", (change) => {
    const before = { name: "items-prod", id: "items-prod" };
    expect(planned("aws_dynamodb_table", { ...change, before })).toMatchObject({
      ...{ isReversible: false, lost: "the table, with what is in it" },
      destroys: { what: "table", name: "items-prod" },
    });
    expect(planned("aws_cognito_user_pool", { ...change, before: { name: "users" } })?.destroys).toEqual({
      ...{ what: "user pool", name: "users" },
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
