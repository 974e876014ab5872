import type { MetricQuestion, WidgetSeries } from "@slipway/release-engine";

const DEFAULT_PERIOD = 300;

/** The statistic and the period at the end of a SEARCH. */
const SEARCHED_PERIOD = /(['"]\s*,\s*)(\d+)(\s*\))/g;

/**
 * Series with periods that CloudWatch still has values of: a finer one would have none, which looks like a silence.
 *
 * @param finest - seconds
 */
export function withPeriodsOf(finest: number, series: readonly WidgetSeries[]): readonly WidgetSeries[] {
  return series.map((each) => {
    const periodSeconds = Math.max(finest, each.periodSeconds);
    if (!("expression" in each) || !isSearch(each.expression)) {
      return { ...each, periodSeconds };
    }
    const expression = each.expression.replace(
      SEARCHED_PERIOD,
      (_whole, before: string, period: string, after: string) => `${before}${Math.max(finest, Number(period))}${after}`,
    );
    return { ...each, periodSeconds, expression };
  });
}

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
  const searched = [...expression.matchAll(SEARCHED_PERIOD)].map(([, , period]) => Number(period));
  if (isSearch(expression) && searched.length > 0) {
    return Math.max(...searched);
  }
  const words = new Set(expression.match(/\b[a-z]\w*/g) ?? []);
  const all = /\bMETRICS\s*\(/i.test(expression);
  const used = series.filter((each) => "metric" in each && (all || (each.id !== undefined && words.has(each.id))));
  const periods = used.map(({ periodSeconds }) => periodSeconds);
  return periods.length === 0 ? (series[0]?.periodSeconds ?? DEFAULT_PERIOD) : Math.max(...periods);
}

function isSearch(expression: string): boolean {
  return /\bSEARCH\s*\(/i.test(expression);
}
