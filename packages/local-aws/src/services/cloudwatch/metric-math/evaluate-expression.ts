import { type Expression, ExpressionError } from "./expression.ts";
import { FUNCTIONS, type FunctionContext } from "./functions.ts";
import { combine, mapPoints, scalar, type TimeSeries, type Value } from "./values.ts";

/** Words that FILL takes without quotes. */
const BARE_WORDS = new Set(["REPEAT", "LINEAR"]);

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
      return apply(expression.args.map(evaluate), context);
    }
  }
}

/** @throws ExpressionError naming a function that local AWS does not have */
export function requireFunction(name: string) {
  const found = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (found === undefined) {
    throw new ExpressionError(`Local AWS does not have the function ${name}`);
  }
  return found;
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
