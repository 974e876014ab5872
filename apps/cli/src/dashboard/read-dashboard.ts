import type { TimeWindow } from "@slipway/analysis";
import {
  type AlarmState,
  type AlarmsReader,
  type AlarmWidget,
  alarmName,
  type DashboardBody,
  type DashboardWidget,
  type InsightsAnswer,
  type LogsReader,
  type LogWidget,
  type MetricSeries,
  type MetricsReader,
  type MetricWidget,
  ReleaseError,
  type WidgetPlace,
} from "@slipway/release-engine";
import { periodOfExpression, questionsOf, withPeriodsOf } from "./questions-of.ts";
import { type SeriesUnit, unitOf } from "./unit-of.ts";

/** A line of a metric widget with its values. */
export interface ShownSeries extends MetricSeries {
  readonly periodSeconds: number;
  readonly unit: SeriesUnit;
  readonly axis: "left" | "right";
}

/** An alarm; `undefined`: there is none of that name. */
export interface ShownAlarm {
  readonly name: string;
  readonly state: AlarmState | undefined;
  readonly since?: number;
}

/** What a widget shows. */
export type WidgetContent =
  | {
      readonly type: "metric";
      readonly title?: string;
      readonly view: string;
      readonly series: readonly ShownSeries[];
      readonly annotations: MetricWidget["annotations"];
      readonly leftAxis: MetricWidget["leftAxis"];
      /** Instead of series. */
      readonly alarm?: ShownAlarm & { readonly condition: string };
    }
  | { readonly type: "log"; readonly title?: string; readonly answer: InsightsAnswer }
  | { readonly type: "alarm"; readonly title?: string; readonly alarms: readonly ShownAlarm[] }
  | { readonly type: "text"; readonly markdown: string }
  /** It could not be shown, because of what it is, or because its data could not be read: then it is a failure. */
  | { readonly type: "other"; readonly title?: string; readonly what: string; readonly isFailure: boolean };

/** A widget with its data. */
export type ShownWidget = WidgetPlace & { readonly content: WidgetContent };

/** What a dashboard's data come from. */
export interface DashboardSources {
  readonly region: string;
  /** Seconds of the finest period that there still are values of. */
  readonly finestPeriod: number;
  metricsIn(region: string): MetricsReader;
  readonly alarms: AlarmsReader;
  logsIn(region: string): LogsReader;
}

/** Reads the data of all widgets. One that cannot be read says so; the others are shown nevertheless. */
export async function readDashboard(
  { widgets }: DashboardBody,
  sources: DashboardSources,
  window: TimeWindow,
  signal: AbortSignal,
): Promise<readonly ShownWidget[]> {
  return Promise.all(
    widgets.map(async (widget) => {
      const { x, y, width, height } = widget;
      return { x, y, width, height, content: await contentOf(widget, sources, window, signal) };
    }),
  );
}

async function contentOf(
  widget: DashboardWidget,
  sources: DashboardSources,
  window: TimeWindow,
  signal: AbortSignal,
): Promise<WidgetContent> {
  try {
    switch (widget.type) {
      case "metric":
        return await metricContent(widget, sources, window, signal);
      case "log":
        return await logContent(widget, sources, window, signal);
      case "alarm":
        return await alarmContent(widget, sources, signal);
      case "text":
        return { type: "text", markdown: widget.markdown };
      case "other":
        return { type: "other", ...titleOf(widget), what: widget.what, isFailure: false };
    }
  } catch (error) {
    if (!(error instanceof ReleaseError) || signal.aborted) {
      throw error;
    }
    const title = "title" in widget && widget.title !== undefined ? { title: widget.title } : {};
    return { type: "other", ...title, what: `${error.what}: ${error.why}`, isFailure: true };
  }
}

async function metricContent(
  widget: MetricWidget,
  sources: DashboardSources,
  window: TimeWindow,
  signal: AbortSignal,
): Promise<WidgetContent> {
  const { view, annotations, leftAxis, alarmArn } = widget;
  const common = { type: "metric", ...titleOf(widget), view, annotations, leftAxis } as const;
  if (alarmArn !== undefined) {
    const name = alarmName(alarmArn);
    const [alarm] = await sources.alarms.describe([name], signal);
    return {
      ...common,
      series: [],
      alarm: {
        ...{ name, state: alarm?.state, condition: alarm?.condition ?? "there is no such alarm" },
        ...(alarm === undefined ? {} : { since: alarm.since }),
      },
    };
  }
  const account = widget.series.find(({ accountId }) => accountId !== undefined)?.accountId;
  if (account !== undefined) {
    const what = `it shows metrics of the account ${account}, which are not read from here`;
    return { type: "other", ...titleOf(widget), what, isFailure: false };
  }
  const wanted = withPeriodsOf(sources.finestPeriod, widget.series);
  const questions = questionsOf(wanted);
  const regions = [...new Set(wanted.map(({ region }) => region ?? sources.region))];
  const series: ShownSeries[] = [];
  for (const region of regions) {
    const own = questions.filter((_, index) => (wanted[index]?.region ?? sources.region) === region);
    for (const found of await sources.metricsIn(region).read(own, window, own[0]?.periodSeconds ?? 300, signal)) {
      const index = questions.findIndex(({ id }) => id === found.id);
      const given = wanted[index];
      if (given !== undefined) {
        series.push({
          ...found,
          periodSeconds: "expression" in given ? periodOfExpression(given.expression, wanted) : given.periodSeconds,
          unit: unitOf(given, widget),
          axis: given.axis,
        });
      }
    }
  }
  return { ...common, series };
}

async function logContent(
  widget: LogWidget,
  sources: DashboardSources,
  window: TimeWindow,
  signal: AbortSignal,
): Promise<WidgetContent> {
  const { groups, query, region = sources.region } = widget;
  const answer = await sources.logsIn(region).query({ groups, query }, window, signal);
  return { type: "log", ...titleOf(widget), answer };
}

async function alarmContent(
  widget: AlarmWidget,
  sources: DashboardSources,
  signal: AbortSignal,
): Promise<WidgetContent> {
  const names = widget.alarmArns.map(alarmName);
  const found = new Map((await sources.alarms.describe(names, signal)).map((alarm) => [alarm.name, alarm]));
  const alarms = names.map((name): ShownAlarm => {
    const alarm = found.get(name);
    return { name, state: alarm?.state, ...(alarm === undefined ? {} : { since: alarm.since }) };
  });
  const shown = alarms.filter(({ state }) => widget.states.length === 0 || widget.states.includes(state ?? ""));
  return { type: "alarm", ...titleOf(widget), alarms: shown };
}

function titleOf({ title }: { readonly title?: string }): { readonly title?: string } {
  return title === undefined ? {} : { title };
}
