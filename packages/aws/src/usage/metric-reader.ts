import {
  CloudWatchClient,
  type GetMetricDataCommandOutput,
  ListMetricsCommand,
  type Metric,
  paginateGetMetricData,
  paginateListMetrics,
} from "@aws-sdk/client-cloudwatch";
import type { CapacityPoint, Measured } from "@slipway/analysis";
import type { UsageContext } from "./usage-context.ts";

/** A metric, and what is made of its values in a period. */
export interface MetricQuestion {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** `Sum` by default. */
  readonly statistic?: "Sum" | "Average" | "Maximum";
}

/** The values of a metric by period, oldest first; periods without any are left out. */
export type Series = { readonly points: readonly CapacityPoint[] } | { readonly unknown: string };

const HOUR_SECONDS = 3600;
/** CloudWatch answers at most so many values in one page; more come in further pages. */
const POINTS_PER_PAGE = 100_800;
/** Queries of one call, at most. */
const QUERIES_PER_CALL = 100;

/**
 * Namespaces whose metrics AWS documents to be sent only while there is traffic: no value is then no traffic. Of any other
 * namespace the same is only believed once it has some metric in the Region; otherwise it may not be published at all.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
 */
const SENT_WITH_TRAFFIC = new Set(["AWS/Lambda", "AWS/DynamoDB", "AWS/ApiGateway"]);

/** Reads CloudWatch's metrics for an analysis. */
export class MetricReader {
  readonly #context: UsageContext;
  readonly #published = new Map<string, Promise<boolean | string>>();

  constructor(context: UsageContext) {
    this.#context = context;
  }

  /** The total of each metric over the window, in the order of the questions. */
  async sums(questions: readonly MetricQuestion[]): Promise<Measured[]> {
    const all = await this.series(questions, HOUR_SECONDS);
    return all.map((each) =>
      "unknown" in each ? each : { value: each.points.reduce((sum, point) => sum + point.sum, 0) },
    );
  }

  /** The values of each metric in each period of the window, in the order of the questions. */
  async series(questions: readonly MetricQuestion[], periodSeconds: number, since?: number): Promise<Series[]> {
    const { from, to } = this.#context.window;
    const periods = Math.ceil((to - (since ?? from)) / 1000 / periodSeconds) + 1;
    const batch = Math.max(1, Math.min(QUERIES_PER_CALL, Math.floor(POINTS_PER_PAGE / periods)));
    const answers: Series[] = [];
    for (let begin = 0; begin < questions.length; begin += batch) {
      answers.push(...(await this.#read(questions.slice(begin, begin + batch), periodSeconds, since ?? from)));
    }
    return answers;
  }

  /** The metrics of a namespace, or of all when none is given. */
  async list(filter: { namespace?: string; name?: string; dimensions?: Readonly<Record<string, string>> }) {
    const { aws } = this.#context;
    const cloudwatch = aws.client(CloudWatchClient);
    return this.#context.ask("cloudwatch:ListMetrics", filter.namespace ?? "all metrics", async (options) => {
      const metrics: Metric[] = [];
      const pages = paginateListMetrics(
        { client: cloudwatch },
        { Namespace: filter.namespace, MetricName: filter.name, Dimensions: dimensionsOf(filter.dimensions ?? {}) },
        options,
      );
      for await (const page of pages) {
        metrics.push(...(page.Metrics ?? []));
      }
      return metrics;
    });
  }

  async #read(questions: readonly MetricQuestion[], periodSeconds: number, from: number): Promise<Series[]> {
    const { aws, window } = this.#context;
    const cloudwatch = aws.client(CloudWatchClient);
    const subject = questions.map(({ namespace, name }) => `${namespace} ${name}`).join(", ");
    const answer = await this.#context.ask("cloudwatch:GetMetricData", subject, async (options) => {
      const pages = paginateGetMetricData(
        { client: cloudwatch },
        {
          StartTime: new Date(Math.floor(from / 1000 / periodSeconds) * periodSeconds * 1000),
          EndTime: new Date(window.to),
          ScanBy: "TimestampAscending",
          MetricDataQueries: questions.map(({ namespace, name, dimensions, statistic = "Sum" }, index) => ({
            Id: `q${index}`,
            MetricStat: {
              Metric: { Namespace: namespace, MetricName: name, Dimensions: dimensionsOf(dimensions) },
              Period: periodSeconds,
              Stat: statistic,
            },
          })),
        },
        options,
      );
      const all: GetMetricDataCommandOutput[] = [];
      for await (const page of pages) {
        all.push(page);
      }
      return all;
    });
    if (answer.kind !== "answer") {
      const unknown = answer.kind === "failed" ? answer.why : "CloudWatch does not know the metric";
      return questions.map(() => ({ unknown }));
    }
    return Promise.all(questions.map((question, index) => this.#seriesOf(question, `q${index}`, answer.value)));
  }

  async #seriesOf(
    { namespace, name }: MetricQuestion,
    id: string,
    pages: readonly GetMetricDataCommandOutput[],
  ): Promise<Series> {
    const results = pages.flatMap((page) => page.MetricDataResults ?? []).filter((result) => result.Id === id);
    const last = results.at(-1)?.StatusCode ?? "InternalError";
    if (last !== "Complete") {
      const unknown = `CloudWatch answered ${last} for ${namespace} ${name}`;
      this.#context.gaps.push(unknown);
      return { unknown };
    }
    const points = results.flatMap(({ Timestamps = [], Values = [] }) =>
      Timestamps.map((time, index) => ({ at: time.getTime(), sum: Values[index] ?? 0 })),
    );
    if (points.length > 0 || SENT_WITH_TRAFFIC.has(namespace)) {
      return { points };
    }
    const published = await this.#isPublished(namespace);
    if (published === true) {
      return { points };
    }
    return {
      unknown: published === false ? `CloudWatch has no ${namespace} metrics in this Region` : published,
    };
  }

  /** Whether anything of a namespace has been published of late; a text where that could not be found out. */
  #isPublished(namespace: string): Promise<boolean | string> {
    const known = this.#published.get(namespace);
    if (known !== undefined) {
      return known;
    }
    const cloudwatch = this.#context.aws.client(CloudWatchClient);
    const found = this.#context
      .ask("cloudwatch:ListMetrics", namespace, (options) =>
        cloudwatch.send(new ListMetricsCommand({ Namespace: namespace }), options),
      )
      .then((answer) => {
        if (answer.kind === "failed") {
          return answer.why;
        }
        return answer.kind === "answer" && (answer.value.Metrics ?? []).length > 0;
      });
    this.#published.set(namespace, found);
    return found;
  }
}

function dimensionsOf(dimensions: Readonly<Record<string, string>>): { Name: string; Value: string }[] {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}
