import { describe, expect, it } from "vitest";
import type { StateResource } from "../ports/terraform-states.ts";
import { monitoredResources } from "./monitored-resources.ts";

function resource(type: string, attributes: Readonly<Record<string, unknown>>, id?: string): StateResource {
  return { address: `${type}.this`, type, name: "this", attributes, ...(id === undefined ? {} : { id }) };
}

const resources = [
  resource("aws_lambda_function", { function_name: "worker", timeout: 10, memory_size: 256 }),
  resource("aws_lambda_function", {
    function_name: "api",
    timeout: 3,
    memory_size: 512,
    logging_config: [{ log_format: "Text", log_group: "/own/api" }],
  }),
  resource("aws_lambda_alias", {
    name: "live",
    function_name: "arn:aws:lambda:us-east-1:123456789012:function:api",
  }),
  resource("aws_lambda_alias", { name: "live", function_name: "worker" }),
  resource("aws_lambda_alias", { name: "beta", function_name: "worker" }),
  resource("aws_api_gateway_rest_api", { name: "items-api" }, "abc123"),
  resource("aws_api_gateway_stage", {
    rest_api_id: "abc123",
    stage_name: "prod",
    access_log_settings: [
      { destination_arn: "arn:aws:logs:us-east-1:123456789012:log-group:/aws/apigateway/abc123", format: "{}" },
    ],
  }),
  resource("aws_api_gateway_stage", { rest_api_id: "elsewhere", stage_name: "v1", access_log_settings: [] }),
  resource("aws_dynamodb_table", {
    name: "items",
    global_secondary_index: [{ name: "status-index" }, { name: "by-date" }],
  }),
  resource("aws_sqs_queue", { name: "dead-letters" }),
  resource("aws_cloudwatch_log_group", { name: "/aws/lambda/worker" }),
  resource("aws_cloudwatch_log_group", { name: "/aws/apigateway/abc123" }),
  resource("aws_cloudwatch_metric_alarm", { alarm_name: "errors" }),
  resource("aws_cloudwatch_composite_alarm", { alarm_name: "down" }),
  resource("aws_cloudwatch_dashboard", { dashboard_name: "overview" }),
  resource("aws_cloudwatch_query_definition", { name: "api/Error Analysis" }),
  resource("aws_kms_key", { arn: "arn:aws:kms:us-east-1:123456789012:key/1" }, "1"),
];

describe("monitoredResources", () => {
  it("finds what has metrics, logs or alarms, with what belongs together", () => {
    expect(monitoredResources({ resources })).toEqual({
      functions: [
        { name: "api", logGroup: "/own/api", aliases: ["live"], timeoutSeconds: 3, memoryMb: 512 },
        {
          name: "worker",
          logGroup: "/aws/lambda/worker",
          aliases: ["beta", "live"],
          timeoutSeconds: 10,
          memoryMb: 256,
        },
      ],
      stages: [
        { apiId: "elsewhere", apiName: "elsewhere", stage: "v1" },
        {
          ...{ apiId: "abc123", apiName: "items-api", stage: "prod" },
          ...{ accessLogGroup: "/aws/apigateway/abc123", accessLogFormat: "{}" },
        },
      ],
      tables: [{ name: "items", indexes: ["by-date", "status-index"] }],
      queues: ["dead-letters"],
      logGroups: ["/aws/apigateway/abc123", "/aws/lambda/worker", "/own/api"],
      alarms: ["down", "errors"],
      dashboards: ["overview"],
      queries: ["api/Error Analysis"],
    });
  });

  it("is empty for an environment without any of them", () => {
    const { functions, stages, tables, queues, logGroups, alarms } = monitoredResources({ resources: [] });
    expect([functions, stages, tables, queues, logGroups, alarms].flat()).toEqual([]);
  });
});
