import { invalidPattern } from "./filter-pattern.ts";
import { filterRegex } from "./filter-regex.ts";

/** Operators that compare a field with a value. */
export type ComparisonOperator = "=" | "!=" | "<" | "<=" | ">" | ">=";

/** A value as a pattern writes it. */
export interface Operand {
  readonly text: string;
  readonly kind: "quoted" | "bare" | "regex";
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * Compiles a comparison of one field's value (a string or a number) with what the pattern writes.
 *
 * `*` at the start and at the end of a string stands for any text; in between it is itself. Numbers compare as numbers.
 *
 * @throws AwsError `InvalidParameterException` when an ordering is asked of something that is not a number
 */
export function compileComparison(operator: ComparisonOperator, operand: Operand): (value: unknown) => boolean {
  if (operator === "=" || operator === "!=") {
    const equals = compileEquality(operand);
    return operator === "=" ? equals : (value) => !equals(value);
  }
  if (operand.kind !== "bare" || !NUMBER.test(operand.text)) {
    throw invalidPattern(`"${operand.text}" is compared with ${operator} and is not a number`);
  }
  const limit = Number(operand.text);
  return (value) => {
    const number = toNumber(value);
    if (Number.isNaN(number)) {
      return false;
    }
    switch (operator) {
      case "<":
        return number < limit;
      case "<=":
        return number <= limit;
      case ">":
        return number > limit;
      case ">=":
        return number >= limit;
    }
  };
}

function compileEquality({ text, kind }: Operand): (value: unknown) => boolean {
  if (kind === "regex") {
    const regex = filterRegex(text);
    return (value) => regex.test(String(value));
  }
  if (kind === "bare" && NUMBER.test(text)) {
    const wanted = Number(text);
    return (value) => toNumber(value) === wanted;
  }
  const open = text.startsWith("*");
  const close = text.length > 1 && text.endsWith("*");
  const core = text.slice(open ? 1 : 0, close ? -1 : undefined);
  if (open && close) {
    return (value) => String(value).includes(core);
  }
  if (open) {
    return (value) => String(value).endsWith(core);
  }
  return close ? (value) => String(value).startsWith(core) : (value) => String(value) === core;
}

function toNumber(value: unknown): number {
  if (typeof value === "number") {
    return value;
  }
  return typeof value === "string" && NUMBER.test(value) ? Number(value) : Number.NaN;
}
