import type { ResourceUsage } from "@slipway/analysis";
import type { StateResource } from "@slipway/release-engine";
import { LogGroups } from "./log-groups.ts";
import { observeAlarms, observeDashboard } from "./observe-alarms.ts";
import { observeBucket } from "./observe-bucket.ts";
import { observeCustomMetrics } from "./observe-custom-metrics.ts";
import { observeFunction } from "./observe-function.ts";
import { observeKey } from "./observe-key.ts";
import { observeQueue, observeTopic } from "./observe-messaging.ts";
import { observeRestApi } from "./observe-rest-api.ts";
import { observeTable } from "./observe-table.ts";
import { textIn } from "./resource-facts.ts";
import type { UsageContext } from "./usage-context.ts";

const ALARMS = new Set(["aws_cloudwatch_metric_alarm", "aws_cloudwatch_composite_alarm"]);

/** Observers of one resource; each is asked for the resources of its type. */
const OBSERVERS: Readonly<Record<string, (context: UsageContext, resource: StateResource) => Promise<ResourceUsage>>> =
  {
    aws_dynamodb_table: observeTable,
    aws_s3_bucket: observeBucket,
    aws_cloudwatch_dashboard: observeDashboard,
    aws_sns_topic: observeTopic,
    aws_sqs_queue: observeQueue,
  };

/** Sees every resource of a state that costs, and the log groups that AWS made beside them. */
export async function observeAll(context: UsageContext, resources: readonly StateResource[]): Promise<ResourceUsage[]> {
  const ofType = (...types: string[]) => resources.filter(({ type }) => types.includes(type));
  const groups = new LogGroups(context);
  const aliases = new Map(
    ofType("aws_kms_alias").map((each) => [textIn(each, "target_key_id") ?? "", textIn(each, "name") ?? ""]),
  );
  const [functions, apis, keys, others, alarms, metrics] = await Promise.all([
    Promise.all(ofType("aws_lambda_function").map((each) => observeFunction(context, groups, each))),
    Promise.all(ofType("aws_api_gateway_rest_api").map((each) => observeRestApi(context, each))),
    Promise.all(ofType("aws_kms_key").map((each) => observeKey(context, each, aliases))),
    Promise.all(resources.flatMap((each) => OBSERVERS[each.type]?.(context, each) ?? [])),
    observeAlarms(
      context,
      resources.filter(({ type }) => ALARMS.has(type)),
    ),
    observeCustomMetrics(context, resources),
  ]);
  const logGroups = await observeLogGroups(groups, resources, [
    ...functions.flatMap((usage) => (usage.kind === "function" ? [`/aws/lambda/${usage.name}`] : [])),
    ...apis.flatMap((api) => api.logGroups),
  ]);
  return [
    ...functions,
    ...apis.map(({ usage }) => usage),
    ...keys,
    ...others,
    ...alarms,
    ...logGroups,
    ...(metrics === undefined ? [] : [metrics]),
  ];
}

/** Those of the state, and those that AWS made beside it for its functions and stages. */
async function observeLogGroups(
  groups: LogGroups,
  resources: readonly StateResource[],
  made: readonly string[],
): Promise<ResourceUsage[]> {
  const known = new Map(
    resources
      .filter(({ type }) => type === "aws_cloudwatch_log_group")
      .map((each) => [textIn(each, "name") ?? each.id ?? each.name, each.address]),
  );
  const names = [...new Set([...known.keys(), ...made])];
  const usages = await Promise.all(names.map((name) => groups.observe(name, known.get(name))));
  return usages.filter((usage) => usage !== undefined);
}
