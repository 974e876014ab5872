import type { MetricQuestion } from "@slipway/release-engine";
import { describe, expect, test } from "vitest";
import { batchQuestions } from "./batch-questions.ts";

const metric = (id: string, visible?: boolean): MetricQuestion => ({
  id,
  metric: { namespace: "Shop", name: id, dimensions: {} },
  statistic: "Sum",
  ...(visible === undefined ? {} : { visible }),
});
const math = (id: string, expression: string): MetricQuestion => ({ id, expression });

const idsOf = (questions: readonly MetricQuestion[], most: number) =>
  batchQuestions(questions, most).map((batch) => batch.map(({ id }) => id));

describe("batchQuestions", () => {
  test("fills calls in the order of the questions", () => {
    expect(
      idsOf(
        ["a", "b", "c", "d", "e"].map((id) => metric(id)),
        2,
      ),
    ).toEqual([["a", "b"], ["c", "d"], ["e"]]);
  });

  test("keeps an expression and what it looks at together, however far apart they are", () => {
    const questions = [metric("a"), metric("b"), metric("c"), math("rate", "100 * errors / a"), metric("errors")];
    expect(idsOf(questions, 3)).toEqual([
      ["a", "rate", "errors"],
      ["b", "c"],
    ]);
    expect(idsOf([math("x", "y + 1"), metric("b"), math("y", "z * 2"), metric("z")], 3)).toEqual([
      ["x", "y", "z"],
      ["b"],
    ]);
  });

  test("METRICS() is all metrics, and words in texts are no ids", () => {
    expect(idsOf([metric("a"), metric("b"), math("all", "SUM(METRICS())")], 3)).toEqual([["a", "b", "all"]]);
    expect(idsOf([metric("a"), math("found", "SEARCH('{Shop} a', 'Sum', 60)")], 1)).toEqual([["a"], ["found"]]);
  });

  test("does not ask for what nobody sees", () => {
    expect(idsOf([metric("hidden", false), metric("a")], 1)).toEqual([["a"]]);
    expect(idsOf([metric("part", false), math("rate", "100 * part")], 2)).toEqual([["part", "rate"]]);
  });

  test("says so when what belongs together does not fit into a call", () => {
    expect(() => batchQuestions([metric("a"), metric("b"), math("all", "SUM(METRICS())")], 2)).toThrow(
      /expressions tie 3 metrics together \(a, b, \.\.\.\), and CloudWatch takes 2 at once/,
    );
  });
});
