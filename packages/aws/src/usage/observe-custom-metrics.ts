import type { ResourceUsage } from "@slipway/analysis";
import type { StateResource } from "@slipway/release-engine";
import { textIn } from "./resource-facts.ts";
import type { UsageContext } from "./usage-context.ts";

/** Dimensions by which people tell environments apart. */
const ENVIRONMENT_DIMENSION = /^(environment|env|stage)$/i;

/**
 * Counts the custom metrics that belong to an environment: those of its metric filters, and those with one of its
 * functions, APIs or tables, or the environment itself, as a dimension. AWS bills each combination of dimensions for the
 * hours in which it was published; here each that was published in the last two weeks counts for the whole month.
 */
export async function observeCustomMetrics(
  context: UsageContext,
  resources: readonly StateResource[],
): Promise<ResourceUsage | undefined> {
  const facts = { type: "custom metrics", name: `custom metrics of ${context.environment}` };
  const listed = await context.metrics.list({});
  if (listed.kind !== "answer") {
    const unknown = listed.kind === "failed" ? listed.why : "CloudWatch does not list metrics";
    return { kind: "custom-metrics", ...facts, count: { unknown } };
  }
  const names = new Set(
    resources.flatMap((resource) => {
      const key = {
        aws_lambda_function: "function_name",
        aws_api_gateway_rest_api: "name",
        aws_dynamodb_table: "name",
      }[resource.type];
      return key === undefined ? [] : (textIn(resource, key) ?? []);
    }),
  );
  const filtered = new Set(
    resources.filter(({ type }) => type === "aws_cloudwatch_log_metric_filter").flatMap(metricsOf),
  );
  const custom = listed.value.filter(({ Namespace = "" }) => !Namespace.startsWith("AWS/"));
  const own = custom.filter(
    ({ Namespace, MetricName, Dimensions = [] }) =>
      filtered.has(`${Namespace}/${MetricName}`) ||
      Dimensions.some(
        ({ Name = "", Value = "" }) =>
          names.has(Value) || (ENVIRONMENT_DIMENSION.test(Name) && Value === context.environment),
      ),
  );
  const others = custom.length - own.length;
  if (others > 0) {
    context.notes.push(
      `${others} custom ${others === 1 ? "metric names" : "metrics name"} nothing of ${context.environment} in the dimensions, and so ${others === 1 ? "is" : "are"} not counted here.`,
    );
  }
  return own.length === 0 ? undefined : { kind: "custom-metrics", ...facts, count: { value: own.length } };
}

function metricsOf({ attributes }: StateResource): string[] {
  const transformations = Array.isArray(attributes.metric_transformation) ? attributes.metric_transformation : [];
  return transformations.map(({ namespace, name }: { namespace?: unknown; name?: unknown }) => `${namespace}/${name}`);
}
