import {
  type CloudWatchClient,
  type MetricDataQuery,
  type MetricDataResult,
  paginateGetMetricData,
  paginateListMetrics,
} from "@aws-sdk/client-cloudwatch";
import type { TimeWindow } from "@slipway/analysis";
import {
  type MetricName,
  type MetricPoint,
  type MetricQuestion,
  type MetricSeries,
  type MetricsReader,
  ReleaseError,
} from "@slipway/release-engine";
import type { AwsClientOptions } from "../client-settings.ts";
import { translateAwsError } from "../translate-aws-error.ts";
import { batchQuestions } from "./batch-questions.ts";
import { createCloudWatchClient } from "./create-cloudwatch-client.ts";

/** Points of one answer of `GetMetricData`; the rest comes in further ones. */
const POINTS_PER_PAGE = 100_800;

/**
 * What CloudWatch says of values that are none, such as 0 / 0: they are left out, as for a period without data, and the answer is
 * complete nevertheless.
 */
const HARMLESS = new Set(["ArithmeticError"]);

/** Reads metrics from CloudWatch. */
export class AwsMetricsReader implements MetricsReader {
  readonly #client: CloudWatchClient;
  readonly #pointsPerPage: number;

  constructor(options: AwsClientOptions & { readonly pointsPerPage?: number }) {
    this.#client = createCloudWatchClient(options);
    this.#pointsPerPage = options.pointsPerPage ?? POINTS_PER_PAGE;
  }

  /**
   * Reads up to 500 questions in one call, and more in several.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
   */
  async read(
    questions: readonly MetricQuestion[],
    window: TimeWindow,
    periodSeconds: number,
    signal?: AbortSignal,
  ): Promise<readonly MetricSeries[]> {
    const found = new Map<string, MetricSeries[]>();
    for (const batch of batchQuestions(questions)) {
      for (const series of await this.#readBatch(batch, window, periodSeconds, signal)) {
        found.set(series.id, [...(found.get(series.id) ?? []), series]);
      }
    }
    return questions.flatMap(({ id }) => found.get(id) ?? []);
  }

  async list(
    namespace: string | undefined,
    dimensions: Readonly<Record<string, string>>,
    abortSignal?: AbortSignal,
  ): Promise<readonly MetricName[]> {
    const subject = namespace === undefined ? "all metrics" : `the metrics of ${namespace}`;
    const names: MetricName[] = [];
    try {
      const pages = paginateListMetrics(
        { client: this.#client },
        { Namespace: namespace, Dimensions: dimensionList(dimensions) },
        { abortSignal },
      );
      for await (const { Metrics = [] } of pages) {
        for (const { Namespace = "", MetricName = "", Dimensions = [] } of Metrics) {
          names.push({
            namespace: Namespace,
            name: MetricName,
            dimensions: Object.fromEntries(Dimensions.map(({ Name = "", Value = "" }) => [Name, Value])),
          });
        }
      }
    } catch (error) {
      throw translateAwsError(error, { action: "cloudwatch:ListMetrics", subject });
    }
    return names;
  }

  /** Closes the connections. */
  close(): void {
    this.#client.destroy();
  }

  async #readBatch(
    questions: readonly MetricQuestion[],
    window: TimeWindow,
    periodSeconds: number,
    abortSignal: AbortSignal | undefined,
  ): Promise<readonly MetricSeries[]> {
    const longestMs = 1000 * Math.max(periodSeconds, ...questions.map((question) => question.periodSeconds ?? 0));
    const parts = new Map<string, SeriesParts>();
    const subject = subjectOf(questions);
    try {
      const pages = paginateGetMetricData(
        { client: this.#client },
        {
          StartTime: new Date(Math.floor(window.from / longestMs) * longestMs),
          EndTime: new Date(Math.ceil(window.to / longestMs) * longestMs),
          ScanBy: "TimestampAscending",
          MaxDatapoints: this.#pointsPerPage,
          MetricDataQueries: questions.map((question) => queryOf(question, periodSeconds)),
        },
        { abortSignal },
      );
      for await (const { MetricDataResults = [], Messages = [] } of pages) {
        if (Messages.length > 0) {
          throw incomplete(subject, Messages.map(({ Code, Value }) => `${Code}: ${Value}`).join("; "));
        }
        collect(parts, MetricDataResults);
      }
    } catch (error) {
      throw translateAwsError(error, { action: "cloudwatch:GetMetricData", subject });
    }
    return seriesOf(questions, [...parts.values()], subject);
  }
}

/** One series, out of the pages that have some of it. */
interface SeriesParts {
  readonly id: string;
  readonly label: string;
  readonly points: MetricPoint[];
  /** Of the last page: only that says whether anything is missing. */
  status: string;
  readonly messages: Set<string>;
}

function collect(parts: Map<string, SeriesParts>, results: readonly MetricDataResult[]): void {
  const seen = new Map<string, number>();
  for (const { Id = "", Label = "", StatusCode = "InternalError", Timestamps = [], Values = [], Messages } of results) {
    // A search has several series by one id, which their labels tell apart; and if those are equal, their order.
    const name = JSON.stringify([Id, Label]);
    const nth = (seen.get(name) ?? 0) + 1;
    seen.set(name, nth);
    const key = `${name} ${nth}`;
    const series = parts.get(key) ?? { id: Id, label: Label, points: [], status: StatusCode, messages: new Set() };
    parts.set(key, series);
    series.status = StatusCode;
    for (const { Code = "", Value = "" } of Messages ?? []) {
      if (!HARMLESS.has(Code)) {
        series.messages.add(`${Code}: ${Value}`);
      }
    }
    for (const [index, time] of Timestamps.entries()) {
      const value = Values[index];
      if (value !== undefined) {
        series.points.push({ at: time.getTime(), value });
      }
    }
  }
}

/** @throws {ReleaseError} when some of it is missing: a judgement on a part would be taken for one on all */
function seriesOf(
  questions: readonly MetricQuestion[],
  parts: readonly SeriesParts[],
  subject: string,
): readonly MetricSeries[] {
  for (const { id, label, status, messages } of parts) {
    if (status !== "Complete" || messages.size > 0) {
      const why = [...(status === "Complete" ? [] : [status]), ...messages].join("; ");
      throw incomplete(`${label} (${id})`, why);
    }
  }
  const answered = new Set(parts.map(({ id }) => id));
  const unanswered = questions.find(
    (question) => "metric" in question && question.visible !== false && !answered.has(question.id),
  );
  if (unanswered !== undefined) {
    throw incomplete(subject, `the answer has no ${unanswered.id}`);
  }
  return parts.map(({ id, label, points }) => ({
    id,
    label,
    points: points.toSorted((left, right) => left.at - right.at),
  }));
}

function incomplete(subject: string, why: string): ReleaseError {
  return new ReleaseError({
    kind: "failed",
    what: `cloudwatch:GetMetricData answered only in part for ${subject}`,
    why,
    next: "type the same command again; if that does not help, ask for a shorter time or longer periods",
  });
}

function queryOf(question: MetricQuestion, periodSeconds: number): MetricDataQuery {
  const { id: Id, label: Label, visible } = question;
  const Period = question.periodSeconds ?? periodSeconds;
  const common = { Id, ReturnData: visible !== false, ...(Label === undefined ? {} : { Label }) };
  if ("expression" in question) {
    // An expression has the period of its metrics, and SEARCH names its own; a query of Metrics Insights has none but this.
    const isOwn = question.periodSeconds !== undefined || /^\s*SELECT\s/i.test(question.expression);
    return { ...common, Expression: question.expression, ...(isOwn ? { Period } : {}) };
  }
  const { metric, statistic: Stat } = question;
  const Metric = {
    Namespace: metric.namespace,
    MetricName: metric.name,
    Dimensions: dimensionList(metric.dimensions),
  };
  return { ...common, MetricStat: { Metric, Period, Stat } };
}

function dimensionList(dimensions: Readonly<Record<string, string>>): { Name: string; Value: string }[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}

/** Some of what was asked for, for messages. */
function subjectOf(questions: readonly MetricQuestion[]): string {
  const names = [
    ...new Set(
      questions.map((question) =>
        "metric" in question ? `${question.metric.namespace} ${question.metric.name}` : question.expression,
      ),
    ),
  ];
  const shown = names.slice(0, 3).join(", ");
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
