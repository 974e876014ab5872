import type { MetricQuestion, WidgetSeries } from "@slipway/release-engine";

const DEFAULT_PERIOD = 300;

/** The questions of a widget's series, in their order. Those without an id get one that no expression can mean. */
export function questionsOf(series: readonly WidgetSeries[]): readonly MetricQuestion[] {
  const taken = new Set(series.map(({ id }) => id));
  const texts = series.flatMap((each) => ("expression" in each ? [each.expression] : [])).join(" ");
  let prefix = "auto";
  while (texts.includes(prefix) || [...taken].some((id) => id?.startsWith(prefix) === true)) {
    prefix += "o";
  }
  return series.map((each, index): MetricQuestion => {
    const common = {
      id: each.id ?? `${prefix}${index}`,
      visible: each.visible,
      ...(each.label === undefined ? {} : { label: each.label }),
    };
    return "expression" in each
      ? { ...common, expression: each.expression, ...(each.hasOwnPeriod ? { periodSeconds: each.periodSeconds } : {}) }
      : { ...common, metric: each.metric, statistic: each.statistic, periodSeconds: each.periodSeconds };
  });
}

/** Seconds that an expression's values are apart: what a SEARCH says, or the longest period of what it looks at. */
export function periodOfExpression(expression: string, series: readonly WidgetSeries[]): number {
  const searched = [...expression.matchAll(/,\s*(\d+)\s*\)/g)].map(([, period]) => Number(period));
  if (/\bSEARCH\s*\(/i.test(expression) && searched.length > 0) {
    return Math.max(...searched);
  }
  const words = new Set(expression.match(/\b[a-z]\w*/g) ?? []);
  const all = /\bMETRICS\s*\(/i.test(expression);
  const used = series.filter((each) => "metric" in each && (all || (each.id !== undefined && words.has(each.id))));
  const periods = used.map(({ periodSeconds }) => periodSeconds);
  return periods.length === 0 ? (series[0]?.periodSeconds ?? DEFAULT_PERIOD) : Math.max(...periods);
}
