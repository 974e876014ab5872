import { glyphsFor } from "../charts/glyphs.ts";
import type { Command, CommandIo } from "../command.ts";
import { choosePeriod, forgottenAfter, keptPeriod, parsePeriod, wholePeriods } from "../metrics/choose-period.ts";
import { parseStatistic } from "../metrics/parse-statistic.ts";
import type { MetricsReport } from "../metrics/read-signals.ts";
import { checkTimeRange, MOMENT_HELP, parseTimeRange } from "../parse-time-range.ts";
import { TARGET_OPTIONS, type TargetOptions } from "../target/target-aws.ts";
import { writeResult } from "../terminal/write-result.ts";
import { UserError } from "../user-error.ts";

interface MetricsOptions extends TargetOptions {
  readonly window?: string;
  readonly since?: string;
  readonly until?: string;
  readonly period?: string;
  readonly stat?: readonly string[];
  readonly by?: string;
  readonly ascii?: boolean;
  readonly output?: "text" | "json" | "csv";
}

const HOUR_MS = 3_600_000;

/** `slipway metrics`: how an environment is, by its numbers. */
export const metrics: Command = {
  name: "metrics",
  summary: "show the metrics of an environment: traffic, errors, latency and saturation; all times are UTC",
  arguments: [
    { name: "<environment>", description: "as in slipway.config.ts" },
    {
      name: "[metric]",
      description:
        "show this in detail: errors, latency, 5xx, the name of a resource, or Namespace/Metric (default: all)",
    },
  ],
  options: [
    ...TARGET_OPTIONS,
    { flags: "--window <span>", description: "how far back, such as 30m, 3h or 7d (default: 1h)" },
    { flags: "--since <time>", description: `when it begins: ${MOMENT_HELP}` },
    { flags: "--until <time>", description: "when it ends (default: now)" },
    {
      flags: "--period <span>",
      description: "what a value is of, such as 60 (seconds), 5m or 1h (default: as fits the time)",
    },
    {
      flags: "--stat <statistics...>",
      description: "other statistics of the metric: Sum, Average, Maximum, p99.9, TC(1000:), ...",
    },
    { flags: "--by <dimension>", description: "show the metric by this dimension, such as operation or Method" },
    { flags: "--ascii", description: "draw with plain characters (default: where LC_ALL or LANG is not UTF-8)" },
    {
      flags: "--output <format>",
      description: "text, one JSON document, or CSV (RFC 4180) with a row for each period",
      choices: ["text", "json", "csv"],
      default: "text",
    },
  ],
  examples: [
    "slipway metrics prod",
    "slipway metrics prod errors --window 24h",
    "slipway metrics prod AWS/Lambda/Duration --stat p50 p99.9 --since 09:00 --until 09:30",
    "slipway metrics prod ItemsApi/requests --by operation --local --output csv",
  ],
  json: { documents: ["metrics-report"] },
  async run(options: MetricsOptions, io: CommandIo, [environment = "", name]: readonly string[]): Promise<number> {
    // What is typed wrong should be said at once.
    checkTimeRange(options);
    if (options.period !== undefined) {
      parsePeriod("--period", options.period);
    }
    if (name === undefined && (options.stat !== undefined || options.by !== undefined)) {
      throw new UserError(
        `${options.stat === undefined ? "--by" : "--stat"}: is about one metric. Name it before the flags, such as errors.`,
      );
    }
    const statistics = options.stat?.map((text) => parseStatistic("--stat", text));
    // Loaded now, because they bring the SDK and the schemas: `slipway --help` should not wait for those.
    const [aws, engine, { viewEnvironment }, { findSignals, withStatistics }, { readSignals }, { versionsInUse }] =
      await Promise.all([
        import("@slipway/aws"),
        import("@slipway/release-engine"),
        import("../target/view-environment.ts"),
        import("../metrics/find-signals.ts"),
        import("../metrics/read-signals.ts"),
        import("../metrics/versions-in-use.ts"),
      ]);
    const { target, client, resources, clock } = await viewEnvironment(options, io, environment);
    const now = clock.now();
    const asked = parseTimeRange(options, HOUR_MS, now);
    const periodSeconds =
      options.period === undefined ? choosePeriod(asked, now) : keptPeriod("--period", options.period, asked, now);
    const window = wholePeriods(asked, periodSeconds, now);
    const reader = new aws.AwsMetricsReader(client);
    const clients = aws.createAwsClients(client);
    try {
      const { signal } = io;
      const lambda = new aws.LambdaFunctionDeployer(clients.lambda);
      const all = engine.goldenSignals(resources, await versionsInUse(resources.functions, lambda, reader, signal));
      if (name === undefined && all.length === 0) {
        throw new UserError(
          `${environment} has no API stage, function, table or queue in its Terraform state. Name a metric as Namespace/Metric.`,
        );
      }
      const search = { signals: all, resources, metrics: reader, environment, signal };
      const { signals: found, otherDimensions } =
        name === undefined ? { signals: all, otherDimensions: [] } : await findSignals(name, options.by, search);
      const wanted = statistics === undefined ? found : withStatistics(found, statistics);
      const signals = await readSignals(reader, wanted, all, { window, periodSeconds, signal });
      const report = { environment, target: target.label, window, periodSeconds, now, signals };
      await writeResult(io, await rendered(report, options, io, name === undefined));
      const forgotten = forgottenAfter(asked, now);
      if (forgotten !== undefined) {
        io.stderr.write(`CloudWatch has forgotten what is older than ${forgotten} days: it is in no value.\n`);
      }
      if (otherDimensions.length > 0) {
        io.stderr.write(`It is also there by ${otherDimensions.join(", ")}: add --by ${otherDimensions[0]}\n`);
      }
      return 0;
    } finally {
      reader.close();
      clients.destroy();
    }
  },
};

async function rendered(
  report: MetricsReport,
  { output, ascii }: MetricsOptions,
  io: CommandIo,
  isOverview: boolean,
): Promise<string> {
  if (output === "json") {
    return (await import("../metrics/metrics-json.ts")).metricsJson(report);
  }
  if (output === "csv") {
    return (await import("../metrics/metrics-csv.ts")).metricsCsv(report);
  }
  const look = { glyphs: glyphsFor(io.env, ascii), columns: io.columns };
  if (isOverview) {
    const { renderOverview, renderOverviewTable } = await import("../metrics/render-metrics.ts");
    return io.isStdoutTty === true ? renderOverview(report, look) : renderOverviewTable(report);
  }
  const { renderCharts, renderTable } = await import("../metrics/render-signals.ts");
  return io.isStdoutTty === true ? renderCharts(report, look) : renderTable(report);
}
