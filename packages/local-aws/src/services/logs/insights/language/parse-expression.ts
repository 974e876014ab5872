import type { Comparison } from "../values/compare-values.ts";
import type { ArithmeticOperator, Call, Expression, FieldReference, LikePattern } from "./ast.ts";
import { compileRegex } from "./compile-regex.ts";
import { readUnit } from "./period.ts";
import type { Scanner } from "./scanner.ts";

/** Words that are no fields unless they stand between backticks. */
const RESERVED = new Set(["and", "or", "not", "in", "like", "as", "by", "asc", "desc", "into"]);
const COMPARISONS: readonly string[] = ["=", "!=", "<", "<=", ">", ">="];
/** Deeper nesting is nobody's query. */
const MAX_DEPTH = 100;

/**
 * Reads an expression: `or` binds least, then `and`, `not`, comparisons, `+` and `-`, `*`, `/` and `%`, the sign, and `^`.
 *
 * @throws MalformedQuery
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-operations-functions.html
 */
export function parseExpression(scanner: Scanner): Expression {
  return new ExpressionParser(scanner).or();
}

/**
 * Reads the name of a field: `status`, `error.name`, `items.0.id`, `list[0]`, `` `foo-bar` ``.
 *
 * @throws MalformedQuery
 */
export function parseField(scanner: Scanner): FieldReference {
  const first = scanner.next;
  if ((first.kind !== "word" || RESERVED.has(first.text.toLowerCase())) && first.kind !== "quoted") {
    throw scanner.unexpected("a field");
  }
  scanner.take();
  const parts: (string | number)[] = [first.text];
  if (first.text === "@" && scanner.isGlued() && scanner.next.kind === "quoted") {
    parts[0] = `@${scanner.take().text}`;
  }
  while (scanner.isGlued()) {
    if (scanner.skip(".")) {
      parts.push(...namePart(scanner));
    } else if (scanner.skip("[")) {
      const index = scanner.next;
      if (index.kind !== "number" || index.unit !== "" || !/^\d+$/.test(index.text)) {
        throw scanner.unexpected("an index");
      }
      scanner.take();
      scanner.expect("]");
      parts.push(Number(index.text));
    } else {
      break;
    }
  }
  return { kind: "field", parts, span: { start: first.span.start, end: scanner.lastEnd } };
}

function namePart(scanner: Scanner): string[] {
  const { next } = scanner;
  if (!scanner.isGlued() || (next.kind !== "word" && next.kind !== "quoted" && next.kind !== "number")) {
    throw scanner.unexpected("the name of a field");
  }
  scanner.take();
  // `0.1` of `list.0.1` was read as one number.
  return next.kind === "number" ? (next.text + next.unit).split(".") : [next.text];
}

class ExpressionParser {
  readonly #scanner: Scanner;
  #depth = 0;

  constructor(scanner: Scanner) {
    this.#scanner = scanner;
  }

  or(): Expression {
    if (++this.#depth > MAX_DEPTH) {
      throw this.#scanner.malformed(`the expression is nested more than ${MAX_DEPTH} deep`, this.#scanner.next.span);
    }
    const result = this.#logical("or", () => this.#logical("and", () => this.#not()));
    this.#depth--;
    return result;
  }

  #logical(operator: "and" | "or", operand: () => Expression): Expression {
    let left = operand();
    while (this.#scanner.skipWord(operator)) {
      const right = operand();
      left = { kind: "logical", operator, left, right, span: around(left, right) };
    }
    return left;
  }

  #not(): Expression {
    const { start } = this.#scanner.next.span;
    if (!this.#scanner.skipWord("not")) {
      return this.#comparison();
    }
    if (++this.#depth > MAX_DEPTH) {
      throw this.#scanner.malformed(`the expression is nested more than ${MAX_DEPTH} deep`, this.#scanner.next.span);
    }
    const operand = this.#not();
    this.#depth--;
    return { kind: "not", operand, span: { start, end: operand.span.end } };
  }

  #comparison(): Expression {
    const left = this.#sum();
    const scanner = this.#scanner;
    const { next } = scanner;
    if (next.kind === "symbol" && COMPARISONS.includes(next.text)) {
      scanner.take();
      const right = this.#sum();
      return { kind: "comparison", operator: next.text as Comparison, left, right, span: around(left, right) };
    }
    if (scanner.skip("=~")) {
      return this.#like(left);
    }
    const isNegated = scanner.skipWord("not");
    const found = scanner.isAtWord("like", "in") ? this.#membership(left) : undefined;
    if (found === undefined) {
      if (isNegated) {
        throw scanner.unexpected("'like' or 'in'");
      }
      return left;
    }
    return isNegated ? { kind: "not", operand: found, span: found.span } : found;
  }

  #membership(left: Expression): Expression {
    const scanner = this.#scanner;
    if (scanner.skipWord("like")) {
      return this.#like(left);
    }
    scanner.expectWord("in");
    scanner.expect("[");
    const list: Expression[] = [];
    while (!scanner.skip("]")) {
      if (list.length > 0) {
        scanner.expect(",");
      }
      list.push(this.#sum());
    }
    return { kind: "in", value: left, list, span: { start: left.span.start, end: scanner.lastEnd } };
  }

  #like(value: Expression): Expression {
    const pattern = this.#pattern();
    return { kind: "like", value, pattern, span: { start: value.span.start, end: this.#scanner.lastEnd } };
  }

  #pattern(): LikePattern {
    const scanner = this.#scanner;
    if (scanner.next.kind === "string") {
      return { text: scanner.take().text };
    }
    if (!scanner.isAt("/")) {
      throw scanner.unexpected("a text or a regular expression");
    }
    const { source, span } = scanner.takeRegex();
    try {
      return { regex: compileRegex(source).regex };
    } catch (error) {
      throw scanner.malformed(`invalid regular expression: ${(error as Error).message}`, span);
    }
  }

  #sum(): Expression {
    return this.#arithmetic(["+", "-"], () => this.#arithmetic(["*", "/", "%"], () => this.#signed()));
  }

  #arithmetic(operators: readonly string[], operand: () => Expression): Expression {
    let left = operand();
    for (
      let { next } = this.#scanner;
      next.kind === "symbol" && operators.includes(next.text);
      { next } = this.#scanner
    ) {
      this.#scanner.take();
      const right = operand();
      left = { kind: "arithmetic", operator: next.text as ArithmeticOperator, left, right, span: around(left, right) };
    }
    return left;
  }

  #signed(): Expression {
    const { start } = this.#scanner.next.span;
    if (!this.#scanner.skip("-")) {
      return this.#power();
    }
    if (++this.#depth > MAX_DEPTH) {
      throw this.#scanner.malformed(`the expression is nested more than ${MAX_DEPTH} deep`, this.#scanner.next.span);
    }
    const operand = this.#signed();
    this.#depth--;
    return { kind: "negative", operand, span: { start, end: operand.span.end } };
  }

  #power(): Expression {
    const left = this.#primary();
    if (!this.#scanner.skip("^")) {
      return left;
    }
    const right = this.#signed();
    return { kind: "arithmetic", operator: "^", left, right, span: around(left, right) };
  }

  #primary(): Expression {
    const scanner = this.#scanner;
    const { next } = scanner;
    if (next.kind === "number") {
      scanner.take();
      return this.#number(next);
    }
    if (next.kind === "string") {
      scanner.take();
      return { kind: "literal", value: next.text, span: next.span };
    }
    if (scanner.skip("(")) {
      const inner = this.or();
      scanner.expect(")");
      return inner;
    }
    if (scanner.isAtWord("true", "false")) {
      scanner.take();
      return { kind: "literal", value: next.text.toLowerCase() === "true", span: next.span };
    }
    const field = parseField(scanner);
    return next.kind === "word" && field.parts.length === 1 && scanner.skip("(") ? this.#call(next.text, field) : field;
  }

  #number({ text, unit, span }: { text: string; unit: string; span: Expression["span"] }): Expression {
    if (unit === "") {
      return { kind: "literal", value: Number(text), span };
    }
    const known = readUnit(unit);
    const count = Number(text);
    if (known === undefined || !Number.isInteger(count) || count < 1) {
      throw this.#scanner.malformed(`${text}${unit} is neither a number nor a period`, span);
    }
    return { kind: "period", period: { count, unit: known }, span };
  }

  #call(name: string, { span }: FieldReference): Call {
    const scanner = this.#scanner;
    const list: Expression[] = [];
    const star = scanner.skip("*");
    if (star) {
      scanner.expect(")");
    } else {
      while (!scanner.skip(")")) {
        if (list.length > 0) {
          scanner.expect(",");
        }
        list.push(this.or());
      }
    }
    const end = scanner.lastEnd;
    return { kind: "call", name: name.toLowerCase(), arguments: list, star, span: { start: span.start, end } };
  }
}

function around(left: Expression, right: Expression): Expression["span"] {
  return { start: left.span.start, end: right.span.end };
}
