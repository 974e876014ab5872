import { type Expression, ExpressionError } from "./expression.ts";
import type { FunctionContext, MathFunction } from "./function-context.ts";
import { FUNCTIONS } from "./functions.ts";
import { combine, mapPoints, scalar, type TimeSeries, type Value } from "./values.ts";

/** Words that functions take without quotes: what FILL fills with, and what SORT sorts by. */
export const BARE_WORDS: ReadonlySet<string> = new Set(["REPEAT", "LINEAR", "AVG", "MIN", "MAX", "SUM", "ASC", "DESC"]);

/**
 * Evaluates an expression.
 *
 * @param lookUp - the value of another query of the request by its id
 * @throws ExpressionError for an unknown id or function, or arguments that a function does not take
 */
export function evaluateExpression(
  expression: Expression,
  lookUp: (id: string) => Value | undefined,
  context: FunctionContext,
): Value {
  const evaluate = (node: Expression): Value => evaluateExpression(node, lookUp, context);
  switch (expression.kind) {
    case "number":
      return scalar(expression.value);
    case "text":
      return { kind: "text", value: expression.value };
    case "reference": {
      const value = lookUp(expression.id);
      if (value !== undefined) {
        return value;
      }
      if (BARE_WORDS.has(expression.id)) {
        return { kind: "text", value: expression.id };
      }
      throw new ExpressionError(`There is no metric or expression with the id '${expression.id}'`);
    }
    case "list":
      return { kind: "list", series: expression.items.flatMap((item) => memberSeries(evaluate(item))) };
    case "negate":
      return mapPoints(evaluate(expression.operand), "A minus sign", (value) => -value);
    case "binary":
      return combine(expression.operator, evaluate(expression.left), evaluate(expression.right));
    case "call": {
      const { apply, minArgs, maxArgs } = requireFunction(expression.name);
      if (expression.args.length < minArgs || expression.args.length > maxArgs) {
        const wanted = minArgs === maxArgs ? minArgs : `${minArgs} to ${maxArgs}`;
        throw new ExpressionError(`${expression.name} takes ${wanted} argument(s), got ${expression.args.length}`);
      }
      if (expression.name === "PERIOD") {
        requireMetric(expression.args[0], context);
      }
      return apply(expression.args.map(evaluate), context);
    }
  }
}

/** @throws ExpressionError naming a function that local AWS does not have */
export function requireFunction(name: string): MathFunction {
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (found !== undefined) {
    return found;
  }
  const upper = name.toUpperCase();
  throw new ExpressionError(
    Object.hasOwn(FUNCTIONS, upper)
      ? `There is no function ${name}: write it in upper case, ${upper}`
      : `Local AWS does not have the function ${name}`,
  );
}

/** PERIOD is about a metric: what other expressions give has no period of its own. */
function requireMetric(argument: Expression | undefined, { metrics }: FunctionContext): void {
  if (argument?.kind !== "reference" || !metrics.some(({ id }) => id === argument.id)) {
    throw new ExpressionError("PERIOD takes the id of a metric, not the result of another expression");
  }
}

function memberSeries(value: Value): readonly TimeSeries[] {
  switch (value.kind) {
    case "series":
      return [value.series];
    case "list":
      return value.series;
    default:
      throw new ExpressionError("An array holds time series");
  }
}
