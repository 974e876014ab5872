import { ceilToPeriod, floorToPeriod } from "../functions/floor-to-period.ts";
import { finite } from "../functions/scalar-function.ts";
import { NOT_IMPLEMENTED, scalarFunctions } from "../functions/scalar-functions.ts";
import type { ArithmeticOperator, Call, Expression } from "../language/ast.ts";
import { compareValues } from "../values/compare-values.ts";
import { formatValue } from "../values/format-value.ts";
import { isTrue } from "../values/is-true.ts";
import { toNumber } from "../values/to-number.ts";
import type { Value } from "../values/value.ts";
import type { Compiled } from "./compiled.ts";
import type { Scope } from "./scope.ts";

/** Compiles a call that is an aggregation; `undefined` when it is none. */
export type CompileAggregate = (call: Call) => Compiled | undefined;

/**
 * Makes an expression ready to be asked of rows.
 *
 * @param aggregate - what to do with aggregations, where they may stand
 * @throws MalformedQuery for unknown names, functions and arguments
 */
export function compileExpression(expression: Expression, scope: Scope, aggregate?: CompileAggregate): Compiled {
  const column = scope.columnOf(expression);
  if (column !== undefined) {
    return column;
  }
  const compile = (inner: Expression) => compileExpression(inner, scope, aggregate);
  switch (expression.kind) {
    case "literal": {
      const { value } = expression;
      return { type: "raw", get: () => value, constant: value };
    }
    case "field":
      return scope.resolve(expression);
    case "period":
      throw scope.malformed("a period has no value of its own, found", expression.span);
    case "negative":
      return negative(compile(expression.operand));
    case "not": {
      const { get } = compile(expression.operand);
      return condition((row) => !isTrue(get(row)));
    }
    case "logical": {
      const { get: left } = compile(expression.left);
      const { get: right } = compile(expression.right);
      return expression.operator === "and"
        ? condition((row) => isTrue(left(row)) && isTrue(right(row)))
        : condition((row) => isTrue(left(row)) || isTrue(right(row)));
    }
    case "arithmetic":
      return arithmetic(expression.operator, compile(expression.left), compile(expression.right));
    case "comparison": {
      const { operator } = expression;
      const { get: left } = compile(expression.left);
      const { get: right } = compile(expression.right);
      return condition((row) => compareValues(operator, left(row), right(row)));
    }
    case "in": {
      const { get } = compile(expression.value);
      const list = expression.list.map(compile);
      return condition((row) => {
        const value = get(row);
        return list.some((each) => compareValues("=", value, each.get(row)));
      });
    }
    case "like": {
      const { get, type } = compile(expression.value);
      const { pattern } = expression;
      const matches =
        "text" in pattern ? (text: string) => text.includes(pattern.text) : (text: string) => pattern.regex.test(text);
      return condition((row) => {
        const text = formatValue(get(row), type);
        return text !== undefined && matches(text);
      });
    }
    case "call":
      return aggregate?.(expression) ?? call(expression, scope, compile);
  }
}

function condition(get: (row: Parameters<Compiled["get"]>[0]) => boolean): Compiled {
  return { type: "computed", get };
}

function negative({ get, constant }: Compiled): Compiled {
  const negate = (value: Value) => {
    const number = toNumber(value);
    return number === undefined ? undefined : -number;
  };
  return { type: "computed", get: (row) => negate(get(row)), constant: negate(constant) };
}

const OPERATIONS: Readonly<Record<ArithmeticOperator, (left: number, right: number) => number>> = {
  "+": (left, right) => left + right,
  "-": (left, right) => left - right,
  "*": (left, right) => left * right,
  "/": (left, right) => left / right,
  "%": (left, right) => left % right,
  "^": (left, right) => left ** right,
};

function arithmetic(operator: ArithmeticOperator, { get: left }: Compiled, { get: right }: Compiled): Compiled {
  const compute = OPERATIONS[operator];
  return {
    type: "computed",
    get: (row) => {
      const first = toNumber(left(row));
      const second = toNumber(right(row));
      return first === undefined || second === undefined ? undefined : finite(compute(first, second));
    },
  };
}

function call(expression: Call, scope: Scope, compile: (inner: Expression) => Compiled): Compiled {
  const { name, arguments: given, star, span } = expression;
  if (!star && (name === "bin" || name === "datefloor" || name === "dateceil")) {
    return time(expression, scope, compile);
  }
  if (name === "now" && !star && given.length === 0) {
    return { type: "computed", get: () => scope.now };
  }
  const known = scalarFunctions.get(name);
  if (known === undefined || star) {
    const written = scope.text.slice(span.start, span.start + name.length);
    if (NOT_IMPLEMENTED.has(name)) {
      throw scope.malformed(`local AWS does not have the function ${written}, found`, span);
    }
    throw scope.malformed(`unknown function ${written} or unknown use of it`, span);
  }
  if (given.length < known.least || given.length > known.most) {
    throw scope.malformed(`wrong number of arguments of ${name} (${given.length})`, span);
  }
  const compiled = given.map(compile);
  const problem = known.check?.(compiled.map(({ constant }) => constant));
  if (problem !== undefined) {
    throw scope.malformed(problem, span);
  }
  const types = compiled.map(({ type }) => type);
  const getters = compiled.map(({ get }) => get);
  return {
    type: known.typeOf?.(types) ?? "computed",
    get: (row) =>
      known.evaluate(
        getters.map((get) => get(row)),
        types,
      ),
  };
}

/** The functions that take a period, which is nothing but an argument of theirs. */
function time(
  { name, arguments: given, span }: Call,
  scope: Scope,
  compile: (inner: Expression) => Compiled,
): Compiled {
  const [first, second] = given;
  const period = name === "bin" ? first : second;
  if (period?.kind !== "period" || given.length !== (name === "bin" ? 1 : 2)) {
    const usage = name === "bin" ? "bin(5m)" : `${name}(@timestamp, 5m)`;
    throw scope.malformed(`${name} is used as in ${usage}, unlike`, span);
  }
  const timestamp: Expression = { kind: "field", parts: ["@timestamp"], span };
  const { get } = compile(name === "bin" || first === undefined ? timestamp : first);
  const round = name === "dateceil" ? ceilToPeriod(period.period) : floorToPeriod(period.period);
  return {
    type: "timestamp",
    get: (row) => {
      const value = get(row);
      const number = typeof value === "number" ? value : toNumber(value);
      return number === undefined ? undefined : round(number);
    },
  };
}
