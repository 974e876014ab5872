import { type AlarmMetric, nodeOf } from "@slipway/analysis";
import { childrenOfRule } from "../../monitoring/children-of-rule.ts";
import type { StateResource, TerraformState } from "../../ports/terraform-states.ts";

/** An alarm, as the Terraform state has it. */
export interface WatchedAlarm {
  readonly name: string;
  /** What it looks at: `function api-handler-prod`. */
  readonly watches: readonly string[];
  readonly metric: AlarmMetric;
  /** The alarms that a composite one looks at. */
  readonly children: readonly string[];
  /** How many it tells when it goes off. */
  readonly expectedActions: number;
}

interface WatchedMetric {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, unknown>>;
}

/** All alarms of a Terraform state, with what they look at. */
export function watchedAlarms({ resources }: Pick<TerraformState, "resources">): WatchedAlarm[] {
  const kindOf = kindBy(resources);
  const single = resources
    .filter(({ type }) => type === "aws_cloudwatch_metric_alarm")
    .map((resource): WatchedAlarm => {
      const metrics = metricsOf(resource);
      // What something is a share of, such as all calls, is no kind of its own.
      const kinds = new Set(metrics.filter((each) => !isWhole(each)).map(kindOf));
      const [kind = "other"] = kinds;
      return {
        name: nameOf(resource),
        watches: [...new Set(metrics.flatMap(nodesOf))],
        metric: kinds.size === 1 ? kind : "other",
        children: [],
        expectedActions: actionsOf(resource),
      };
    });
  const composite = resources
    .filter(({ type }) => type === "aws_cloudwatch_composite_alarm")
    .map((resource): WatchedAlarm => {
      const children = childrenOfRule(String(resource.attributes.alarm_rule ?? ""));
      return {
        name: nameOf(resource),
        watches: [...new Set(single.filter(({ name }) => children.includes(name)).flatMap(({ watches }) => watches))],
        metric: "other",
        children,
        expectedActions: actionsOf(resource),
      };
    });
  return [...single, ...composite];
}

function nameOf({ attributes, id }: StateResource): string {
  return String(attributes.alarm_name ?? id ?? "");
}

/** Actions that the state itself switches off are none. */
function actionsOf({ attributes }: StateResource): number {
  const { alarm_actions: actions, actions_enabled: enabled } = attributes;
  return enabled === false || !Array.isArray(actions) ? 0 : actions.length;
}

function metricsOf({ attributes }: StateResource): WatchedMetric[] {
  const queries: readonly unknown[] = Array.isArray(attributes.metric_query) ? attributes.metric_query : [];
  const asked = queries.flatMap((query) => (isRecord(query) && Array.isArray(query.metric) ? query.metric : []));
  return [attributes, ...asked].flatMap((each: unknown) =>
    isRecord(each) && typeof each.metric_name === "string" && each.metric_name !== ""
      ? {
          name: each.metric_name,
          namespace: String(each.namespace ?? ""),
          dimensions: isRecord(each.dimensions) ? each.dimensions : {},
        }
      : [],
  );
}

function nodesOf({ dimensions }: WatchedMetric): string[] {
  const { ApiName, Stage, FunctionName, TableName, QueueName, ScheduleGroup } = dimensions;
  return [
    ...(ApiName === undefined ? [] : [nodeOf({ type: "api", name: `${ApiName}/${Stage}` })]),
    ...(FunctionName === undefined ? [] : [nodeOf({ type: "function", name: String(FunctionName) })]),
    ...(TableName === undefined ? [] : [nodeOf({ type: "table", name: String(TableName) })]),
    ...(QueueName === undefined ? [] : [nodeOf({ type: "queue", name: String(QueueName) })]),
    ...(ScheduleGroup === undefined ? [] : [nodeOf({ type: "schedule-group", name: String(ScheduleGroup) })]),
  ];
}

function isWhole({ namespace, name }: WatchedMetric): boolean {
  return name === "Invocations" || (namespace === "AWS/ApiGateway" && name === "Count");
}

/** What is looked at, where a look measures it, too, or the state says what it is about. */
function kindBy(resources: readonly StateResource[]): (metric: WatchedMetric) => AlarmMetric {
  const schedules = resources.filter(({ type }) => type === "aws_scheduler_schedule");
  // EventBridge Scheduler counts by the group: what it has given up was a backup where the group has nothing else.
  const isOfBackups = (group: unknown) => {
    const own = schedules.filter(({ attributes }) => attributes.group_name === group);
    return own.length > 0 && own.every(isBackup);
  };
  return ({ namespace, name, dimensions }) =>
    namespace === "AWS/Scheduler" && name === "InvocationDroppedCount" && isOfBackups(dimensions.ScheduleGroup)
      ? "dropped-backups"
      : (KINDS[`${namespace} ${name}`] ?? "other");
}

/** Whether a schedule calls `dynamodb:CreateBackup` by itself. */
function isBackup({ attributes: { target } }: StateResource): boolean {
  const [first]: readonly unknown[] = Array.isArray(target) ? target : [];
  return isRecord(first) && String(first.arn ?? "").endsWith(":aws-sdk:dynamodb:createBackup");
}

const KINDS: Readonly<Record<string, AlarmMetric>> = {
  ...{ "AWS/ApiGateway 5XXError": "errors", "AWS/Lambda Errors": "errors" },
  ...{ "AWS/ApiGateway Latency": "latency", "AWS/Lambda Duration": "duration", "AWS/Lambda Throttles": "throttling" },
  ...{ "AWS/DynamoDB ReadThrottleEvents": "throttling", "AWS/DynamoDB WriteThrottleEvents": "throttling" },
};

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
