import type { StateResource, TerraformState } from "../ports/terraform-states.ts";

/** A function, as its metrics and logs know it. */
export interface MonitoredFunction {
  readonly name: string;
  /** Where it logs. */
  readonly logGroup: string;
  /** Aliases that the state has; traffic comes through them. */
  readonly aliases: readonly string[];
  readonly timeoutSeconds: number;
  readonly memoryMb: number;
}

/** A stage of a REST API, as its metrics and logs know it. */
export interface MonitoredStage {
  readonly apiId: string;
  readonly apiName: string;
  readonly stage: string;
  readonly accessLogGroup?: string;
  /** As the stage has it: text with `$context` variables. */
  readonly accessLogFormat?: string;
}

/** A table. */
export interface MonitoredTable {
  readonly name: string;
  /** Names of its global secondary indexes, which have metrics of their own. */
  readonly indexes: readonly string[];
}

/** Everything of an environment that has metrics, logs or alarms, in the order of names. */
export interface MonitoredResources {
  readonly functions: readonly MonitoredFunction[];
  readonly stages: readonly MonitoredStage[];
  readonly tables: readonly MonitoredTable[];
  readonly queues: readonly string[];
  /** Names of all log groups of the state, and of those that functions write. */
  readonly logGroups: readonly string[];
  readonly alarms: readonly string[];
  readonly dashboards: readonly string[];
  /** Names of saved queries. */
  readonly queries: readonly string[];
}

/** What there is to look at in an environment: read from its Terraform state, so that nothing has to be configured twice. */
export function monitoredResources({ resources }: Pick<TerraformState, "resources">): MonitoredResources {
  const of = (type: string) => resources.filter((resource) => resource.type === type);
  const names = (type: string, attribute: string) => unique(of(type).map((resource) => text(resource, attribute)));
  const apiNames = new Map(of("aws_api_gateway_rest_api").map((api) => [api.id ?? "", text(api, "name")]));
  const functions = of("aws_lambda_function").map((resource): MonitoredFunction => {
    const name = text(resource, "function_name");
    return {
      name,
      logGroup: logGroupOf(resource) ?? `/aws/lambda/${name}`,
      aliases: unique(
        of("aws_lambda_alias")
          .filter((alias) => functionOf(alias) === name)
          .map((alias) => text(alias, "name")),
      ),
      timeoutSeconds: number(resource, "timeout") ?? 3,
      memoryMb: number(resource, "memory_size") ?? 128,
    };
  });
  const stages = of("aws_api_gateway_stage").map((resource): MonitoredStage => {
    const apiId = text(resource, "rest_api_id");
    const accessLogGroup = accessLogGroupOf(resource);
    const accessLogFormat = block(resource, "access_log_settings")?.format;
    return {
      apiId,
      apiName: apiNames.get(apiId) ?? apiId,
      stage: text(resource, "stage_name"),
      ...(accessLogGroup === undefined ? {} : { accessLogGroup }),
      ...(typeof accessLogFormat === "string" && accessLogFormat !== "" ? { accessLogFormat } : {}),
    };
  });
  return {
    functions: functions.toSorted((left, right) => compare(left.name, right.name)),
    stages: stages.toSorted((left, right) => compare(left.apiName, right.apiName)),
    tables: of("aws_dynamodb_table")
      .map((resource): MonitoredTable => ({ name: text(resource, "name"), indexes: indexesOf(resource) }))
      .toSorted((left, right) => compare(left.name, right.name)),
    queues: names("aws_sqs_queue", "name"),
    logGroups: unique([
      ...of("aws_cloudwatch_log_group").map((resource) => text(resource, "name")),
      ...functions.map(({ logGroup }) => logGroup),
    ]),
    alarms: unique([
      ...of("aws_cloudwatch_metric_alarm").map((resource) => text(resource, "alarm_name")),
      ...of("aws_cloudwatch_composite_alarm").map((resource) => text(resource, "alarm_name")),
    ]),
    dashboards: names("aws_cloudwatch_dashboard", "dashboard_name"),
    queries: names("aws_cloudwatch_query_definition", "name"),
  };
}

function text({ attributes, id }: StateResource, name: string): string {
  const value = attributes[name];
  return typeof value === "string" && value !== "" ? value : (id ?? "");
}

function number({ attributes }: StateResource, name: string): number | undefined {
  const value = attributes[name];
  return typeof value === "number" ? value : undefined;
}

/** The first block of that name. */
function block({ attributes }: StateResource, name: string): Readonly<Record<string, unknown>> | undefined {
  const value: unknown = attributes[name];
  const first: unknown = Array.isArray(value) ? value[0] : undefined;
  return typeof first === "object" && first !== null ? (first as Readonly<Record<string, unknown>>) : undefined;
}

function logGroupOf(resource: StateResource): string | undefined {
  const group = block(resource, "logging_config")?.log_group;
  return typeof group === "string" && group !== "" ? group : undefined;
}

/** An alias may name its function by its name or its ARN. */
function functionOf(alias: StateResource): string {
  return text(alias, "function_name").replace(/^arn:[^:]*:lambda:[^:]*:\d*:function:/, "");
}

function accessLogGroupOf(stage: StateResource): string | undefined {
  const arn = block(stage, "access_log_settings")?.destination_arn;
  return typeof arn === "string" ? /:log-group:([^:]+)/.exec(arn)?.[1] : undefined;
}

function indexesOf({ attributes }: StateResource): string[] {
  const blocks: unknown = attributes.global_secondary_index;
  const named = (Array.isArray(blocks) ? blocks : []) as readonly { readonly name?: unknown }[];
  return unique(named.flatMap(({ name }) => (typeof name === "string" ? [name] : [])));
}

function unique(names: readonly string[]): string[] {
  return [...new Set(names)].sort(compare);
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
