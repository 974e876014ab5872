import type { WidgetSeries } from "@slipway/release-engine";
import { describe, expect, test } from "vitest";
import { periodOfExpression, questionsOf, withPeriodsOf } from "./questions-of.ts";

const common = { visible: true, statistic: "Sum", periodSeconds: 60, hasOwnPeriod: false, axis: "left" } as const;
const metric = (id: string | undefined, more: Partial<WidgetSeries> = {}): WidgetSeries => ({
  ...common,
  ...(id === undefined ? {} : { id }),
  metric: { namespace: "Shop", name: "orders", dimensions: {} },
  ...more,
});
const math = (expression: string, more: Partial<WidgetSeries> = {}): WidgetSeries => ({
  ...common,
  expression,
  ...more,
});
const SEARCH = "SEARCH('{Shop} orders', 'Sum', 60)";

describe("questionsOf", () => {
  test("names what has no name, so that no expression can mean it", () => {
    const ids = (...series: WidgetSeries[]) => questionsOf(series).map(({ id }) => id);
    expect(ids(metric("a"), metric(undefined), math("a + 1"))).toEqual(["a", "auto1", "auto2"]);
    expect(ids(metric(undefined), math('METRICS("auto")'))).toEqual(["autoo0", "autoo1"]);
    expect(ids(metric("auto0"), metric(undefined))).toEqual(["auto0", "autoo1"]);
  });

  test("asks for an expression by its own period only, and hides what is hidden", () => {
    expect(
      questionsOf([
        metric("a", { visible: false, periodSeconds: 300, label: "orders" }),
        math("a * 2", { id: "twice" }),
        math("a * 3", { id: "thrice", hasOwnPeriod: true, periodSeconds: 900 }),
      ]),
    ).toEqual([
      {
        ...{ id: "a", visible: false, label: "orders", statistic: "Sum", periodSeconds: 300 },
        metric: { namespace: "Shop", name: "orders", dimensions: {} },
      },
      { id: "twice", visible: true, expression: "a * 2" },
      { id: "thrice", visible: true, expression: "a * 3", periodSeconds: 900 },
    ]);
  });
});

test.each([
  [SEARCH, 60],
  [`SUM(${SEARCH.replace("60", "300")})`, 300],
  ["a / b", 300],
  ["b * 2", 60],
  ["SUM(METRICS())", 300],
  ["1 + 1", 300],
])("the values of %s are %i s apart", (expression, seconds) => {
  expect(periodOfExpression(expression, [metric("a", { periodSeconds: 300 }), metric("b")])).toBe(seconds);
});

test("no period is finer than what there are values of", () => {
  const series = withPeriodsOf(300, [metric("a"), metric("b", { periodSeconds: 900 }), math(SEARCH), math("a + 60")]);
  expect(series).toMatchObject([
    { periodSeconds: 300 },
    { periodSeconds: 900 },
    { expression: "SEARCH('{Shop} orders', 'Sum', 300)" },
    { expression: "a + 60" },
  ]);
});
