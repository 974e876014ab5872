import type { TimeWindow } from "@slipway/analysis";
import type { LogEvent, LogsReader } from "../../ports/logs.ts";
import type { MetricPoint, MetricsReader } from "../../ports/metrics.ts";
import { ReleaseError } from "../../release-error.ts";

/** Values by metric and statistic: `AWS/Lambda Invocations Sum`. */
export type FakePoints = Readonly<Record<string, readonly MetricPoint[]>>;

/** Metrics that have these points, whatever their dimensions are. */
export function fakeMetrics(points: FakePoints): MetricsReader & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    async read(questions, { from, to }) {
      return questions.map((question) => {
        const { id } = question;
        const name =
          "metric" in question ? `${question.metric.namespace} ${question.metric.name} ${question.statistic}` : "";
        asked.push(name);
        return { id, label: name, points: (points[name] ?? []).filter(({ at }) => at >= from && at < to) };
      });
    },
    async list(namespace = "any") {
      return [{ namespace, name: "placed", dimensions: {} }];
    },
  };
}

/** A log event; groups and messages are all that matters. */
export interface FakeLine {
  readonly group: string;
  readonly at: number;
  readonly message: string;
}

/** Logs with these lines, which may become more. A filter finds the lines that have one of its words. */
export function fakeLogs(lines: FakeLine[]): LogsReader {
  const words = (filter: string) =>
    [...filter.matchAll(/"([^"]+)"|([A-Z]+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? "");
  return {
    async *events({ groups, filter }, { from, to }: TimeWindow): AsyncGenerator<LogEvent> {
      for (const { group, at, message } of lines) {
        const isWanted = filter === undefined || words(filter).some((word) => message.includes(word));
        if (groups.includes(group) && at >= from && at < to && isWanted) {
          yield { id: `${at}`, at, ingestedAt: at, group, stream: "s", message };
        }
      }
    },
    // biome-ignore lint/correctness/useYield: nothing follows here
    async *follow() {
      throw new Error("not asked here");
    },
    query: () => Promise.reject(new Error("not asked here")),
    savedQueries: () => Promise.reject(new Error("not asked here")),
  };
}

/** What AWS says to who has no right. */
export function denied(action: string): ReleaseError {
  return new ReleaseError({
    kind: "denied",
    what: `${action} is not allowed`,
    why: "AccessDenied",
    next: "ask for the role operate",
  });
}
