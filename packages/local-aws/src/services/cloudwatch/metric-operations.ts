import { AwsError } from "../../core/aws-error.ts";
import type { InputOf, Operations, OutputOf } from "../../core/service.ts";
import {
  type CloudWatch,
  checkUnit,
  invalidValue,
  type MetricsState,
  missing,
  readDimensions,
  readMetricName,
  readToken,
  writeToken,
} from "./cloudwatch-state.ts";
import { getMetricData } from "./get-metric-data.ts";
import { checkPeriod, checkTimes, cutIntoPeriods, mergeByPeriod } from "./periods.ts";
import { putMetricData } from "./put-metric-data.ts";
import { statisticNamed } from "./statistic.ts";

const LIST_PAGE = 500;
const LISTED_FOR_MS = 14 * 86_400_000;
const RECENT_MS = 3 * 3_600_000;
const MAX_DATAPOINTS = 1440;

/** Metrics: putting, listing and reading them. */
export function metricOperations(state: MetricsState): Operations<CloudWatch> {
  return {
    PutMetricData: (input, context) => putMetricData(state, input, context),
    ListMetrics: (input) => listMetrics(state, input),
    GetMetricStatistics: (input) => getMetricStatistics(state, input),
    GetMetricData: (input, context) => getMetricData(state, input, context),
  };
}

function listMetrics(
  { core, metrics }: MetricsState,
  input: InputOf<CloudWatch, "ListMetrics">,
): OutputOf<CloudWatch, "ListMetrics"> {
  if (input.RecentlyActive !== undefined && input.RecentlyActive !== "PT3H") {
    throw invalidValue(input.RecentlyActive, "RecentlyActive");
  }
  const dimensions = (input.Dimensions ?? []).map(({ Name: name, Value: value }, index) => {
    if (name === undefined || name === "") {
      throw missing(`Dimensions.member.${index + 1}.Name`);
    }
    return { name, value };
  });
  metrics.flush();
  const since = input.RecentlyActive === "PT3H" ? RECENT_MS : LISTED_FOR_MS;
  const found = metrics.series.list(
    {
      namespace: input.Namespace,
      name: input.MetricName,
      dimensions,
      seenSince: core.clock.now() - since,
      afterId: readToken(input.NextToken),
    },
    LIST_PAGE + 1,
  );
  const listed = found.slice(0, LIST_PAGE);
  return {
    Metrics: listed.map(({ namespace, name, dimensions }) => ({
      Namespace: namespace,
      MetricName: name,
      Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    })),
    NextToken: found.length > LIST_PAGE ? writeToken(listed.at(-1)?.id ?? 0) : undefined,
  };
}

/**
 * `GetMetricStatistics`: one data point per period and unit, oldest first.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricStatistics.html
 */
function getMetricStatistics(
  { core, metrics }: MetricsState,
  input: InputOf<CloudWatch, "GetMetricStatistics">,
): OutputOf<CloudWatch, "GetMetricStatistics"> {
  const { namespace, name } = readMetricName(input);
  const dimensions = readDimensions(input.Dimensions, "Dimensions");
  const { startTime, endTime } = checkTimes(input.StartTime, input.EndTime);
  const period = checkPeriod(input.Period, "Period");
  checkUnit(input.Unit, "Unit");
  const { Statistics: simple = [], ExtendedStatistics: extended = [] } = input;
  if (simple.length + extended.length === 0) {
    throw missing("Statistics");
  }
  if (simple.length > 0 && extended.length > 0) {
    throw new AwsError(
      "InvalidParameterCombinationException",
      "The parameters Statistics and ExtendedStatistics are mutually exclusive: specify one of them.",
    );
  }
  const statistics = simple.map((each) => statisticNamed(each, "Statistics", "simple"));
  const percentiles = extended.map((each) => statisticNamed(each, "ExtendedStatistics", "extended"));
  const periods = cutIntoPeriods(startTime, endTime, period, core.clock.now());
  const asked = Math.ceil((periods.end - periods.start) / period);
  if (asked > MAX_DATAPOINTS) {
    throw new AwsError(
      "InvalidParameterCombinationException",
      `You have requested up to ${asked.toLocaleString("en-US")} datapoints, which exceeds the limit of 1,440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
    );
  }
  const metric = { namespace, name, dimensions };
  const points = metrics.read(metric, periods.start, periods.end, period, percentiles.length > 0);
  const units = input.Unit === undefined ? [...new Set(points.map(({ unit }) => unit))] : [input.Unit];
  const datapoints = units.flatMap((unit) => {
    const merged = mergeByPeriod(
      points.filter((point) => point.unit === unit),
      periods,
    );
    return [...merged].map(([time, aggregate]) => ({
      Timestamp: new Date(time * 1000),
      ...Object.fromEntries(statistics.map((statistic) => [statistic.name, statistic.of(aggregate)])),
      Unit: unit as "Count",
      ...(percentiles.length === 0
        ? {}
        : {
            ExtendedStatistics: Object.fromEntries(
              percentiles.flatMap((each) => {
                const value = each.of(aggregate);
                return value === undefined ? [] : [[each.name, value]];
              }),
            ),
          }),
    }));
  });
  return {
    Label: name,
    Datapoints: datapoints.sort((left, right) => left.Timestamp.getTime() - right.Timestamp.getTime()),
  };
}
