import type { Comparison } from "../values/compare-values.ts";
import type { Span } from "./malformed-query.ts";
import type { Period } from "./period.ts";

/** A field as it was named: `error.name` has two parts, `users[0].name` three. */
export interface FieldReference {
  readonly kind: "field";
  readonly parts: readonly (string | number)[];
  readonly span: Span;
}

/** A constant. */
export interface Literal {
  readonly kind: "literal";
  readonly value: string | number | boolean;
  readonly span: Span;
}

/** `5m`, as the functions of time take it. */
export interface PeriodLiteral {
  readonly kind: "period";
  readonly period: Period;
  readonly span: Span;
}

/** A call of a function, of an aggregation too. */
export interface Call {
  readonly kind: "call";
  /** In lower case. */
  readonly name: string;
  readonly arguments: readonly Expression[];
  /** `count(*)` */
  readonly star: boolean;
  readonly span: Span;
}

/** What `like` looks for: a text within, or a regular expression. */
export type LikePattern = { readonly text: string } | { readonly regex: RegExp };

/** Anything that has a value. */
export type Expression =
  | FieldReference
  | Literal
  | PeriodLiteral
  | Call
  | { readonly kind: "negative"; readonly operand: Expression; readonly span: Span }
  | { readonly kind: "not"; readonly operand: Expression; readonly span: Span }
  | {
      readonly kind: "logical";
      readonly operator: "and" | "or";
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: "arithmetic";
      readonly operator: ArithmeticOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    }
  | {
      readonly kind: "comparison";
      readonly operator: Comparison;
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    }
  | { readonly kind: "in"; readonly value: Expression; readonly list: readonly Expression[]; readonly span: Span }
  | { readonly kind: "like"; readonly value: Expression; readonly pattern: LikePattern; readonly span: Span };

/** Operators on numbers. */
export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%" | "^";

/** An expression with the name that results have it under: its alias, or its text as written. */
export interface NamedExpression {
  readonly expression: Expression;
  readonly name: string;
}

/** A way to take a text apart. */
export interface ParsePattern {
  readonly regex: RegExp;
  /** The new fields, in the order of the expression's groups. */
  readonly names: readonly string[];
}

/** One key of a `sort`. */
export interface SortKey {
  readonly expression: Expression;
  readonly descending: boolean;
}

/** One command of a query. */
export type Command =
  | { readonly kind: "fields"; readonly items: readonly NamedExpression[]; readonly span: Span }
  | { readonly kind: "display"; readonly items: readonly NamedExpression[]; readonly span: Span }
  | { readonly kind: "filter"; readonly condition: Expression; readonly span: Span }
  | { readonly kind: "parse"; readonly field: FieldReference; readonly pattern: ParsePattern; readonly span: Span }
  | {
      readonly kind: "stats";
      readonly aggregates: readonly NamedExpression[];
      readonly by: readonly NamedExpression[];
      readonly span: Span;
    }
  | { readonly kind: "sort"; readonly keys: readonly SortKey[]; readonly span: Span }
  | { readonly kind: "limit"; readonly count: number; readonly any: boolean; readonly span: Span }
  | { readonly kind: "dedup"; readonly fields: readonly FieldReference[]; readonly span: Span }
  | { readonly kind: "unnest"; readonly field: FieldReference; readonly name: string; readonly span: Span };

/** The log groups that a query itself names. */
export type Source =
  | { readonly kind: "names"; readonly names: readonly string[] }
  | {
      readonly kind: "logGroups";
      readonly namePrefix: readonly string[] | undefined;
      readonly classes: readonly string[] | undefined;
      readonly accountIdentifiers: readonly string[] | undefined;
    };

/** A whole query. */
export interface Query {
  readonly source: Source | undefined;
  readonly commands: readonly Command[];
}
