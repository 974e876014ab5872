import {
  type EnvironmentConfig,
  incidentConfigSchema,
  releaseConfigSchema,
  smokeScenarioSchema,
  validationConfigSchema,
} from "@slipway/contracts";
import { monitoredResources } from "../../../monitoring/monitored-resources.ts";
import type { StateResource, TerraformState } from "../../../ports/terraform-states.ts";

export const API = "items-api-prod";
export const STAGE = "prod";
export const FUNCTION = "api-handler-prod";
export const TABLE = "items-prod";
export const TOPIC = "arn:aws:sns:us-east-1:123456789012:alarms-prod";
export const TIMEOUT_SECONDS = 10;
export const MEMORY_MB = 256;

const stage = { ApiName: API, Stage: STAGE };
const lambda = { FunctionName: FUNCTION };

/** An alarm of the monitoring module, by what it looks at: see infrastructure/modules/monitoring. */
export interface SimulatedAlarm {
  readonly name: string;
  readonly namespace: string;
  /** Of a share what it is a part of. */
  readonly metrics: readonly string[];
  readonly dimensions: Readonly<Record<string, string>>;
  readonly actions: number;
}

export const simulatedAlarms: readonly SimulatedAlarm[] = [
  alarm(`${FUNCTION}-errors`, "AWS/Lambda", ["Errors", "Invocations"], lambda),
  alarm(`${FUNCTION}-duration`, "AWS/Lambda", ["Duration"], lambda),
  alarm(`${FUNCTION}-throttles`, "AWS/Lambda", ["Throttles"], lambda),
  alarm(`${FUNCTION}-dead-letters`, "AWS/SQS", ["ApproximateNumberOfMessagesVisible"], { QueueName: "dead-letters" }),
  alarm(`${API}-5xx`, "AWS/ApiGateway", ["5XXError", "Count"], stage),
  alarm(`${API}-latency`, "AWS/ApiGateway", ["Latency"], stage),
  alarm(`${API}-unavailable`, "AWS/ApiGateway", ["5XXError", "Count"], stage, 0),
  alarm(`${TABLE}-throttling`, "AWS/DynamoDB", ["ReadThrottleEvents", "WriteThrottleEvents"], { TableName: TABLE }),
];

export const DOWN = `${API}-down`;

function alarm(
  name: string,
  namespace: string,
  metrics: readonly string[],
  dimensions: Readonly<Record<string, string>>,
  actions = 1,
): SimulatedAlarm {
  return { name, namespace, metrics, dimensions, actions };
}

function resource(type: string, attributes: Readonly<Record<string, unknown>>, id = "id"): StateResource {
  return { address: `${type}.it`, type, name: "it", id, attributes };
}

/** The Terraform state of an API with a function and a table, and the alarms that watch them. */
export const simulatedState: TerraformState = {
  serial: 7,
  outputs: { api_url: "https://api.example.com/prod" },
  resources: [
    resource(
      "aws_api_gateway_rest_api",
      { name: API, body: `{"uri":"arn:aws:...:function:${FUNCTION}:live/invocations"}` },
      "a1",
    ),
    resource("aws_api_gateway_stage", {
      ...{ rest_api_id: "a1", stage_name: STAGE },
      access_log_settings: [
        {
          destination_arn: "arn:aws:logs:us-east-1:123456789012:log-group:/aws/apigateway/items",
          format: '{"status":"$context.status"}',
        },
      ],
    }),
    resource("aws_lambda_function", {
      ...{ function_name: FUNCTION, timeout: TIMEOUT_SECONDS, memory_size: MEMORY_MB },
      environment: [{ variables: { TABLE_NAME: TABLE } }],
    }),
    resource("aws_lambda_alias", { function_name: FUNCTION, name: "live" }),
    resource("aws_dynamodb_table", { name: TABLE }),
    ...simulatedAlarms.map(({ name, namespace, metrics, dimensions, actions }) =>
      resource("aws_cloudwatch_metric_alarm", {
        ...{ alarm_name: name, alarm_actions: Array.from({ length: actions }, () => TOPIC) },
        metric_query: metrics.map((metric_name) => ({ metric: [{ namespace, metric_name, dimensions }] })),
      }),
    ),
    resource("aws_cloudwatch_composite_alarm", {
      ...{ alarm_name: DOWN, alarm_actions: [TOPIC] },
      alarm_rule: `ALARM("${API}-unavailable") OR (ALARM("${FUNCTION}-throttles") AND ALARM("${API}-5xx"))`,
    }),
  ],
};

export const simulatedResources = monitoredResources(simulatedState);

export const simulatedConfig: Pick<EnvironmentConfig, "incidents" | "validation" | "smoke" | "release"> = {
  incidents: incidentConfigSchema.parse({}),
  validation: validationConfigSchema.parse({}),
  release: releaseConfigSchema.parse({
    canary: {
      metrics: [
        {
          ...{ name: "answers", function: "api-handler", namespace: "ItemsApi" },
          ...{ versionDimension: "functionVersion", total: "requests", events: "faults" },
        },
      ],
    },
  }),
  smoke: smokeScenarioSchema.parse({
    ready: { path: "/health", withinSeconds: 5 },
    steps: [{ name: "items are there", method: "GET", path: "/items", expect: { status: 200 } }],
  }),
};
