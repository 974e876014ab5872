import type { Expression } from "../language/ast.ts";

/** The same text for expressions that are the same but for their place and spelling: `COUNT( * )` and `count(*)`. */
export function expressionKey(expression: Expression): string {
  return JSON.stringify(expression, (key, value: unknown) =>
    key === "span" ? undefined : value instanceof RegExp ? String(value) : value,
  );
}
