import type { MessageData } from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../core/aws-error.ts";
import type { InputOf, OutputOf, RequestContext } from "../../core/service.ts";
import {
  type CloudWatch,
  invalidValue,
  type MetricsState,
  readToken,
  validationError,
  writeToken,
} from "./cloudwatch-state.ts";
import { fillLabel, isDynamic, type LabelContext, readTimezone } from "./dynamic-label.ts";
import type { TimeSeries, Value } from "./metric-math/values.ts";
import { type PreparedQuery, prepareQueries, runQueries } from "./metric-queries.ts";
import { checkTimes, cutIntoPeriods } from "./periods.ts";

const DROPPED: MessageData = {
  Code: "ArithmeticError",
  Value: "One or more data-points have been dropped due to non-numeric values (NaN, -Infinite, +Infinite)",
};

/** Data points in one answer, over all of its queries. */
const MAX_DATAPOINTS = 100_800;

/**
 * `GetMetricData`: metrics and metric math, newest first unless asked otherwise.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
 */
export function getMetricData(
  { core, metrics }: MetricsState,
  input: InputOf<CloudWatch, "GetMetricData">,
  { accountId, region }: RequestContext,
): OutputOf<CloudWatch, "GetMetricData"> {
  const { startTime, endTime } = checkTimes(input.StartTime, input.EndTime);
  const { ScanBy: scanBy = "TimestampDescending", MaxDatapoints: budget = MAX_DATAPOINTS } = input;
  if (scanBy !== "TimestampDescending" && scanBy !== "TimestampAscending") {
    throw invalidValue(scanBy, "ScanBy");
  }
  if (budget < 1 || budget > MAX_DATAPOINTS) {
    throw invalidValue(budget, "MaxDatapoints");
  }
  const queries = prepareQueries(input.MetricDataQueries ?? [], "MetricDataQueries");
  if (!queries.some(({ returnData }) => returnData)) {
    throw validationError("At least one query must have ReturnData set to true.");
  }
  const now = core.clock.now();
  const periodsOf = (period: number) => cutIntoPeriods(startTime, endTime, period, now);
  const labels = { now, offsetMinutes: readTimezone(input.LabelOptions?.Timezone), accountId, region };
  const messages: MessageData[] = [];
  const onMessage = (message: MessageData) => void messages.push(message);
  const values = runQueries(queries, { metrics, periodsOf, now, onMessage });
  const results = queries
    .filter(({ returnData }) => returnData)
    .flatMap((query) => resultsOf(query, values.get(query.id), labels));
  const page = pageOf(results, scanBy === "TimestampAscending", readToken(input.NextToken), budget);
  return { ...page, Messages: messages };
}

interface Result {
  readonly id: string;
  readonly label: string;
  readonly series: TimeSeries;
}

function resultsOf(
  { id, label, metricStat }: PreparedQuery,
  value: Value | undefined,
  context: LabelContext,
): Result[] {
  const filled = (template: string, series: TimeSeries, given: string): string =>
    isDynamic(template) ? fillLabel(template, { ...series, label: given }, context) : template;
  switch (value?.kind) {
    case "series": {
      const given = metricStat?.metric.name ?? id;
      return [{ id, label: filled(label ?? given, value.series, given), series: value.series }];
    }
    case "list":
      return value.series.map((series) => {
        const own = filled(series.label, series, series.source?.metric.name ?? "");
        if (label === undefined || label === "") {
          return { id, label: own, series };
        }
        return { id, label: isDynamic(label) ? filled(label, series, own) : `${label} ${own}`, series };
      });
    default:
      throw validationError(
        `Error in expression '${id}' [The result is a number: the final result of metric math must be a time series or an array of time series]`,
      );
  }
}

/** One page: the budget is spent over the results in their order, the token counts what went out before. */
function pageOf(
  results: readonly Result[],
  ascending: boolean,
  start: number,
  budget: number,
): OutputOf<CloudWatch, "GetMetricData"> {
  let skip = start;
  let left = budget;
  let truncated = false;
  const shown = results.map(({ id, label, series }) => {
    const points = [...series.points].sort(([a], [b]) => (ascending ? a - b : b - a));
    const first = Math.min(skip, points.length);
    const taken = points.slice(first, first + left);
    skip -= first;
    left -= taken.length;
    const complete = first + taken.length >= points.length;
    truncated ||= !complete;
    return {
      Id: id,
      Label: label,
      Timestamps: taken.map(([time]) => new Date(time * 1000)),
      Values: taken.map(([, value]) => value),
      StatusCode: complete ? ("Complete" as const) : ("PartialData" as const),
      ...(series.dropped ? { Messages: [DROPPED] } : {}),
    };
  });
  if (start > 0 && skip > 0) {
    throw new AwsError("InvalidNextToken", "The next token specified is invalid.");
  }
  return {
    MetricDataResults: shown,
    NextToken: truncated ? writeToken(start + budget) : undefined,
  };
}
