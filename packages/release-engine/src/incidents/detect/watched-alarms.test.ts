import { expect, it } from "vitest";
import type { StateResource } from "../../ports/terraform-states.ts";
import { dependenciesOf } from "./dependencies-of.ts";
import { watchedAlarms } from "./watched-alarms.ts";

const resource = (type: string, attributes: Readonly<Record<string, unknown>>, id = "id"): StateResource => ({
  ...{ address: `${type}.it`, type, name: "it", id, attributes },
});
const alarm = (alarm_name: string, rest: Readonly<Record<string, unknown>>) =>
  resource("aws_cloudwatch_metric_alarm", { alarm_name, alarm_actions: ["arn:topic"], ...rest });
const stage = { ApiName: "orders", Stage: "prod" };
const share = (namespace: string, metric_name: string, whole: string, dimensions: object) => ({
  metric_query: [
    { id: "percent", expression: "100 * part / whole", metric: [] },
    { id: "part", metric: [{ namespace, metric_name, dimensions }] },
    { id: "whole", metric: [{ namespace, metric_name: whole, dimensions }] },
  ],
});

it("reads from the state what each alarm looks at, and whom it tells", () => {
  const resources = [
    alarm("orders-duration", {
      namespace: "AWS/Lambda",
      metric_name: "Duration",
      dimensions: { FunctionName: "orders" },
    }),
    alarm("orders-5xx", share("AWS/ApiGateway", "5XXError", "Count", stage)),
    alarm("orders-unavailable", { ...share("AWS/ApiGateway", "5XXError", "Count", stage), alarm_actions: [] }),
    alarm("everybody", { namespace: "AWS/Lambda", metric_name: "ConcurrentExecutions", dimensions: null }),
    alarm("silent", { namespace: "AWS/ApiGateway", metric_name: "Count", dimensions: stage, actions_enabled: false }),
    resource("aws_cloudwatch_composite_alarm", {
      ...{ alarm_name: "down", alarm_actions: ["arn:topic"] },
      alarm_rule:
        'ALARM("orders-unavailable") OR (ALARM("orders-5xx") AND ALARM(arn:aws:cloudwatch:eu-west-1:1:alarm:orders-duration))',
    }),
    resource("aws_cloudwatch_composite_alarm", {
      ...{ alarm_name: "most", alarm_actions: [], alarm_rule: "AT_LEAST(2, ALARM, (orders-5xx, silent))" },
    }),
  ];

  expect(watchedAlarms({ resources })).toEqual([
    { name: "orders-duration", watches: ["function orders"], metric: "duration", children: [], expectedActions: 1 },
    { name: "orders-5xx", watches: ["api orders/prod"], metric: "errors", children: [], expectedActions: 1 },
    { name: "orders-unavailable", watches: ["api orders/prod"], metric: "errors", children: [], expectedActions: 0 },
    { name: "everybody", watches: [], metric: "other", children: [], expectedActions: 1 },
    { name: "silent", watches: ["api orders/prod"], metric: "other", children: [], expectedActions: 0 },
    {
      ...{ name: "down", watches: ["function orders", "api orders/prod"], metric: "other", expectedActions: 1 },
      children: ["orders-unavailable", "orders-5xx", "orders-duration"],
    },
    {
      ...{ name: "most", watches: ["api orders/prod"], metric: "other", expectedActions: 0 },
      children: ["orders-5xx", "silent"],
    },
  ]);
});

it.each<[string, string, readonly string[], string]>([
  [
    "backups, where its group has schedules of backups alone",
    "InvocationDroppedCount",
    ["dynamodb:createBackup"],
    "dropped-backups",
  ],
  [
    "other calls, where the group has others, too",
    "InvocationDroppedCount",
    ["dynamodb:createBackup", "sqs:sendMessage"],
    "other",
  ],
  ["calls of nobody, where the group has no schedule", "InvocationDroppedCount", [], "other"],
  ["tries, which are made again", "TargetErrorCount", ["dynamodb:createBackup"], "other"],
])("takes an alarm on what EventBridge Scheduler has given up for one on %s", (_what, metric_name, calls, metric) => {
  const resources = [
    alarm("orders-backups", {
      namespace: "AWS/Scheduler",
      metric_name,
      dimensions: { ScheduleGroup: "orders-backup" },
    }),
    ...calls.map((call) =>
      resource("aws_scheduler_schedule", {
        ...{ name: call, group_name: "orders-backup", target: [{ arn: `arn:aws:scheduler:::aws-sdk:${call}` }] },
      }),
    ),
    resource("aws_scheduler_schedule", {
      group_name: "default",
      target: [{ arn: "arn:aws:lambda:eu-west-1:1:function:x" }],
    }),
  ];

  expect(watchedAlarms({ resources })).toEqual([
    { name: "orders-backups", watches: ["schedule-group orders-backup"], metric, children: [], expectedActions: 1 },
  ]);
});

it("reads from the state which function an API needs, and which tables and queues a function", () => {
  const resources = [
    resource(
      "aws_api_gateway_rest_api",
      { body: '{"uri":"arn:aws:lambda:eu-west-1:1:function:orders:live/invocations"}' },
      "a1",
    ),
    resource("aws_api_gateway_authorizer", { rest_api_id: "a2", authorizer_uri: "x:function:authorizer:live/y" }),
    resource("aws_lambda_permission", { function_name: "stock", source_arn: "arn:aws:execute-api:eu-west-1:1:a2/*" }),
    resource("aws_lambda_function", {
      ...{ function_name: "orders", role: "arn:aws:iam::1:role/own/orders-role" },
      dead_letter_config: [{ target_arn: "arn:aws:sqs:eu-west-1:1:dead" }],
    }),
    resource("aws_lambda_function", {
      function_name: "stock",
      environment: [{ variables: { TABLE: "goods-archive" } }],
    }),
    resource("aws_iam_role_policy", {
      role: "orders-role",
      policy: '{"Resource":"arn:aws:dynamodb:eu-west-1:1:table/orders"}',
    }),
  ];
  const named = (name: string) => ({ name, logGroup: name, aliases: [], timeoutSeconds: 3, memoryMb: 128 });

  expect(
    dependenciesOf(
      { resources },
      {
        stages: [
          { apiId: "a1", apiName: "shop", stage: "prod" },
          { apiId: "a2", apiName: "admin", stage: "prod" },
        ],
        functions: [named("orders"), named("stock"), named("authorizer"), named("order")],
        tables: ["orders", "goods", "goods-archive"].map((name) => ({ name, indexes: [] })),
        queues: ["dead"],
      },
    ),
  ).toEqual({
    "api shop/prod": ["function orders"],
    "api admin/prod": ["function stock", "function authorizer"],
    "function orders": ["table orders", "queue dead"],
    "function stock": ["table goods-archive"],
  });
});
