import type { ContextValues } from "./context-values.ts";
import { markLiterals } from "./wildcard.ts";

const VARIABLE = /\$\{([^}]*)\}/g;

/** True when a text has variables (or escapes, which look like them). */
export function hasVariables(text: string): boolean {
  return text.includes("${");
}

/**
 * Puts the values of a request into a text: `${aws:username}`, `${aws:PrincipalTag/team, 'nobody'}`, and the escapes `${*}`, `${?}`
 * and `${$}`. What comes out of them is text: its stars and question marks are marked as no wildcards.
 *
 * @returns `undefined` when a variable has no value, or several: what it stands in does not match then
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function resolveVariables(text: string, context: ContextValues): string | undefined {
  let isComplete = true;
  const resolved = text.replace(VARIABLE, (_whole, body: string) => {
    if (body === "*" || body === "?" || body === "$") {
      return markLiterals(body);
    }
    const [, key = "", fallback] = /^\s*([^,\s]+)\s*(?:,\s*'([^']*)'\s*)?$/.exec(body) ?? [];
    const values = context.get(key);
    const value = values?.length === 1 ? values[0] : fallback;
    if (value === undefined) {
      isComplete = false;
    }
    return markLiterals(value ?? "");
  });
  return isComplete ? resolved : undefined;
}
