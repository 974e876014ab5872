import type { FieldReference } from "./ast.ts";

/** The name of a field as results have it: `users[0].name`. */
export function fieldName({ parts }: Pick<FieldReference, "parts">): string {
  return parts.reduce<string>(
    (name, part) => (typeof part === "number" ? `${name}[${part}]` : name === "" ? part : `${name}.${part}`),
    "",
  );
}
