import { AwsError } from "../../core/aws-error.ts";
import type { InputOf, RequestContext } from "../../core/service.ts";
import type { PointValues } from "./aggregate.ts";
import {
  type CloudWatch,
  checkUnit,
  invalidValue,
  isTakenTime,
  isTakenValue,
  type MetricsState,
  missing,
  readDimensions,
  readMetricName,
} from "./cloudwatch-state.ts";

const MAX_DATA = 1000;
const MAX_VALUES = 150;
/** Of a request as it is sent, compressed or not. */
const MAX_BODY_BYTES = 1024 * 1024;

type Input = InputOf<CloudWatch, "PutMetricData">;
type Datum = NonNullable<Input["MetricData"]>[number];

/**
 * `PutMetricData`: checks all of the data before it takes any, and has kept it when it answers.
 *
 * @throws AwsError naming the parameter that is wrong
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html
 */
export function putMetricData(
  { core, metrics }: MetricsState,
  input: Input,
  { http }: RequestContext,
): Record<string, never> {
  if (Number(http.headers["content-length"]) > MAX_BODY_BYTES) {
    throw new AwsError("RequestEntityTooLarge", `The request is larger than ${MAX_BODY_BYTES} bytes.`, { status: 413 });
  }
  const namespace = input.Namespace ?? "";
  if (namespace === "") {
    throw missing("Namespace");
  }
  if (namespace.startsWith("AWS/")) {
    throw invalidValue("AWS/", "Namespace");
  }
  if (input.EntityMetricData?.length) {
    throw new AwsError(
      "NotImplemented",
      "Local AWS does not relate metrics to entities: use MetricData instead of EntityMetricData.",
    );
  }
  const data = input.MetricData ?? [];
  if (data.length === 0) {
    throw missing("MetricData");
  }
  if (data.length > MAX_DATA) {
    throw new AwsError(
      "InvalidParameterValueException",
      `The collection MetricData must not have a size greater than ${MAX_DATA}.`,
    );
  }
  const now = core.clock.now();
  const checked = data.map((datum, index) => {
    const path = `MetricData.member.${index + 1}`;
    const { name } = readMetricName({ Namespace: namespace, MetricName: datum.MetricName }, `${path}.`);
    checkUnit(datum.Unit, `${path}.Unit`);
    return {
      metric: { namespace, name, dimensions: readDimensions(datum.Dimensions, `${path}.Dimensions`) },
      unit: datum.Unit ?? "None",
      time: readTime(datum.Timestamp, now, path),
      values: readValues(datum, path),
      perSecond: readResolution(datum, path) === 1,
    };
  });
  metrics.put(checked);
  return {};
}

function readTime(timestamp: Date | undefined, now: number, path: string): number {
  const time = timestamp?.getTime() ?? now;
  if (Number.isNaN(time)) {
    throw invalidValue(timestamp, `${path}.Timestamp`);
  }
  if (!isTakenTime(time, now)) {
    const rule = time < now ? "within the past two weeks" : "no more than two hours in the future";
    throw new AwsError(
      "InvalidParameterValueException",
      `The parameter ${path}.Timestamp must specify a time ${rule}.`,
    );
  }
  return time;
}

function readResolution({ StorageResolution: resolution = 60 }: Datum, path: string): number {
  if (resolution !== 1 && resolution !== 60) {
    throw invalidValue(resolution, `${path}.StorageResolution`);
  }
  return resolution;
}

function readValues(datum: Datum, path: string): PointValues {
  const { Value: value, Values: values, StatisticValues: statistics } = datum;
  const given = [value, values, statistics].filter((each) => each !== undefined).length;
  if (given === 0) {
    throw new AwsError(
      "InvalidParameterCombinationException",
      `At least one of the parameters ${path}.Value, ${path}.Values and ${path}.StatisticValues must be specified.`,
    );
  }
  if (given > 1) {
    throw new AwsError(
      "InvalidParameterCombinationException",
      `The parameters ${path}.Value, ${path}.Values and ${path}.StatisticValues are mutually exclusive and you have specified more than one.`,
    );
  }
  if (statistics !== undefined) {
    return readStatistics(statistics, `${path}.StatisticValues`);
  }
  return values === undefined
    ? { kind: "values", values: [checkNumber(value, `${path}.Value`)], counts: undefined }
    : readArray(values, datum.Counts, path);
}

function readArray(values: readonly number[], counts: readonly number[] | undefined, path: string): PointValues {
  if (values.length === 0 || values.length > MAX_VALUES) {
    throw new AwsError(
      "InvalidParameterValueException",
      `The collection ${path}.Values must have a size between 1 and ${MAX_VALUES}.`,
    );
  }
  if (counts !== undefined && counts.length !== values.length) {
    throw new AwsError(
      "InvalidParameterValueException",
      `The parameters ${path}.Values and ${path}.Counts must be of the same size.`,
    );
  }
  values.forEach((value, index) => {
    checkNumber(value, `${path}.Values.member.${index + 1}`);
    const count = counts === undefined ? 1 : checkNumber(counts[index], `${path}.Counts.member.${index + 1}`);
    if (count <= 0) {
      throw invalidValue(count, `${path}.Counts.member.${index + 1}`);
    }
  });
  return { kind: "values", values, counts };
}

function readStatistics(given: NonNullable<Datum["StatisticValues"]>, path: string): PointValues {
  const read = (name: "SampleCount" | "Sum" | "Minimum" | "Maximum"): number =>
    checkNumber(given[name], `${path}.${name}`);
  const [sum, count, min, max] = [read("Sum"), read("SampleCount"), read("Minimum"), read("Maximum")];
  // CloudWatch takes no set of nothing: its average would be no number. https://github.com/blacklocus/metrics-cloudwatch/issues/4
  if (count <= 0) {
    throw invalidValue(count, `${path}.SampleCount`);
  }
  if (min > max) {
    throw new AwsError(
      "InvalidParameterValueException",
      `The parameter ${path}.Maximum must be greater than or equal to ${path}.Minimum.`,
    );
  }
  // A set of one value, or of equal values, is as good as its values.
  if (min === max && Math.abs(sum - min * count) <= Math.abs(sum) * 1e-9) {
    return { kind: "values", values: [min], counts: [count] };
  }
  return { kind: "statistics", sum, count, min, max };
}

function checkNumber(value: number | undefined, parameter: string): number {
  if (value === undefined) {
    throw missing(parameter);
  }
  if (!isTakenValue(value)) {
    throw invalidValue(value, parameter);
  }
  return value;
}
