import { AwsError } from "../../core/aws-error.ts";
import type { InputOf, Operations } from "../../core/service.ts";
import { compileFilterPattern } from "./filter-pattern/compile-filter-pattern.ts";
import { LogText } from "./filter-pattern/filter-pattern.ts";
import { compileSelector } from "./filter-pattern/json-selector.ts";
import { checkLimit, invalidParameter, type Logs, type LogsState, pageOf, requireGroup } from "./logs-state.ts";
import type { MetricFilter, MetricTransformation } from "./metric-filters.ts";

const MAX_PAGE = 50;
const MAX_FILTERS_PER_GROUP = 100;
/** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/regex-expressions.html */
const MAX_REGEX_FILTERS_PER_GROUP = 5;
const MAX_DIMENSIONS = 3;

/** Metric filters: what turns log events into metrics. */
export function metricFilterOperations(state: LogsState): Operations<Logs> {
  const { filters } = state;
  return {
    PutMetricFilter(input) {
      const group = requireGroup(state, input.logGroupName);
      if (group.logGroupClass !== "STANDARD") {
        throw invalidParameter(`Metric filters are not supported for log groups of class ${group.logGroupClass}.`);
      }
      const filterName = input.filterName ?? "";
      if (!/^[^:*]{1,512}$/.test(filterName)) {
        throw invalidParameter(
          `1 validation error detected: Value '${filterName}' at 'filterName' failed to satisfy constraint: Member must satisfy regular expression pattern: [^:*]*`,
        );
      }
      refuseUnsupported(input);
      const filterPattern = input.filterPattern ?? "";
      const { regexes } = compileFilterPattern(filterPattern);
      const transformation = readTransformation(input.metricTransformations ?? [], filterPattern);
      const existing = filters.find(group.name, filterName);
      if (existing === undefined && filters.ofGroup(group.name).length >= MAX_FILTERS_PER_GROUP) {
        throw new AwsError("LimitExceededException", "Resource limit exceeded.");
      }
      if (regexes > 0 && countRegexFilters(state, group.name, filterName) >= MAX_REGEX_FILTERS_PER_GROUP) {
        throw new AwsError(
          "LimitExceededException",
          `Resource limit exceeded: a log group has at most ${MAX_REGEX_FILTERS_PER_GROUP} filters with regular expressions.`,
        );
      }
      filters.put({
        logGroupName: group.name,
        filterName,
        filterPattern,
        metricTransformations: [transformation],
        createdAt: existing?.createdAt ?? Math.floor(state.core.clock.now()),
        applyOnTransformedLogs: false,
      });
      return {};
    },

    DeleteMetricFilter({ logGroupName, filterName }) {
      const group = requireGroup(state, logGroupName);
      if (!filters.delete(group.name, filterName ?? "")) {
        throw new AwsError("ResourceNotFoundException", "The specified metric filter does not exist.");
      }
      return {};
    },

    DescribeMetricFilters(input) {
      if ((input.metricName === undefined) !== (input.metricNamespace === undefined)) {
        throw invalidParameter("metricName and metricNamespace must be given together.");
      }
      const group = input.logGroupName === undefined ? undefined : requireGroup(state, input.logGroupName);
      const found = (group === undefined ? filters.all() : filters.ofGroup(group.name)).filter(
        ({ filterName, metricTransformations }) =>
          filterName.startsWith(input.filterNamePrefix ?? "") &&
          (input.metricName === undefined ||
            metricTransformations.some(
              ({ metricName, metricNamespace }) =>
                metricName === input.metricName && metricNamespace === input.metricNamespace,
            )),
      );
      const { items, next } = pageOf(found, input.nextToken, checkLimit(input.limit, MAX_PAGE, MAX_PAGE));
      return { metricFilters: items.map(describeFilter), nextToken: next };
    },

    TestMetricFilter({ filterPattern = "", logEventMessages = [] }) {
      const pattern = compileFilterPattern(filterPattern);
      if (logEventMessages.length === 0 || logEventMessages.length > 50) {
        throw invalidParameter(
          "1 validation error detected: Value at 'logEventMessages' failed to satisfy constraint: Member must have length between 1 and 50",
        );
      }
      return {
        matches: logEventMessages.flatMap((eventMessage, index) => {
          const match = pattern.match(new LogText(eventMessage));
          return match === undefined
            ? []
            : [{ eventNumber: index + 1, eventMessage, extractedValues: match.extracted() }];
        }),
      };
    },

    DescribeSubscriptionFilters({ logGroupName }) {
      // Local AWS takes no subscription filters (PutSubscriptionFilter is refused), so there are none.
      requireGroup(state, logGroupName);
      return { subscriptionFilters: [] };
    },
  };
}

/** Filters of a group with regular expressions, but for the one that is about to be replaced. */
function countRegexFilters({ filters }: LogsState, group: string, except: string): number {
  return filters
    .ofGroup(group)
    .filter(({ filterName, filterPattern }) => filterName !== except && compileFilterPattern(filterPattern).regexes > 0)
    .length;
}

function describeFilter(filter: MetricFilter) {
  return {
    filterName: filter.filterName,
    filterPattern: filter.filterPattern,
    metricTransformations: filter.metricTransformations.map((transformation) => ({
      ...transformation,
      dimensions: transformation.dimensions && { ...transformation.dimensions },
      unit: transformation.unit as "Count" | undefined,
    })),
    creationTime: filter.createdAt,
    logGroupName: filter.logGroupName,
    applyOnTransformedLogs: filter.applyOnTransformedLogs,
  };
}

function refuseUnsupported(input: InputOf<Logs, "PutMetricFilter">): void {
  const feature = input.applyOnTransformedLogs
    ? "applyOnTransformedLogs (log transformers)"
    : input.fieldSelectionCriteria
      ? "fieldSelectionCriteria"
      : input.emitSystemFieldDimensions?.length
        ? "emitSystemFieldDimensions"
        : undefined;
  if (feature !== undefined) {
    throw new AwsError("NotImplemented", `Local AWS does not support ${feature} in metric filters.`);
  }
}

function readTransformation(
  given: NonNullable<InputOf<Logs, "PutMetricFilter">["metricTransformations"]>,
  filterPattern: string,
): MetricTransformation {
  const [transformation, ...more] = given;
  if (transformation === undefined || more.length > 0) {
    throw invalidParameter(
      "1 validation error detected: Value at 'metricTransformations' failed to satisfy constraint: Member must have length equal to 1",
    );
  }
  const { metricName = "", metricNamespace = "", metricValue = "", defaultValue, dimensions, unit } = transformation;
  if (metricName === "" || /[:*$]/.test(metricName) || metricNamespace === "" || /[:*$]/.test(metricNamespace)) {
    throw invalidParameter(`Invalid metric transformation: '${metricNamespace}/${metricName}' is not a valid metric.`);
  }
  if (metricNamespace.startsWith("AWS/")) {
    throw invalidParameter(`Invalid metric transformation: the namespace '${metricNamespace}' is reserved.`);
  }
  checkSelectors(filterPattern, [metricValue], "metric value", { numbers: true });
  const names = Object.keys(dimensions ?? {});
  if (names.length > MAX_DIMENSIONS) {
    throw invalidParameter(`Invalid metric transformation: no more than ${MAX_DIMENSIONS} dimensions can be assigned.`);
  }
  if (names.length > 0 && defaultValue !== undefined) {
    throw invalidParameter(
      "Invalid metric transformation: dimensions and default value are mutually exclusive properties.",
    );
  }
  checkSelectors(filterPattern, Object.values(dimensions ?? {}), "dimension", { numbers: false });
  return {
    metricName,
    metricNamespace,
    metricValue,
    ...(defaultValue === undefined ? {} : { defaultValue }),
    ...(names.length === 0 ? {} : { dimensions }),
    ...(unit === undefined ? {} : { unit }),
  };
}

/** Selectors must suit the pattern: `$.x` JSON, `$x` space-delimited fields; terms have none. */
function checkSelectors(
  pattern: string,
  values: readonly string[],
  what: string,
  { numbers }: { numbers: boolean },
): void {
  const kind = pattern.trim()[0];
  for (const value of values) {
    if (numbers && value !== "" && Number.isFinite(Number(value))) {
      continue;
    }
    const fits = (kind === "{" && value.startsWith("$.")) || (kind === "[" && /^\$\w[\w-]*$/.test(value));
    if (!fits) {
      throw invalidParameter(
        `Invalid metric transformation: the ${what} '${value}' does not refer to a field of the filter pattern.`,
      );
    }
    if (kind === "{") {
      compileSelector(value);
    }
  }
}
