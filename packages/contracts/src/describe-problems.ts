import type * as z from "zod";

/**
 * Turns a schema's complaints into one line each, `environments.prod.functions[0].build: expected array, received
 * string`: where, and what was expected.
 */
export function describeProblems(error: z.ZodError): string[] {
  return error.issues.flatMap((issue) => describeIssue(issue, []));
}

function describeIssue(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): string[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => line([...path, key], issue.message));
  }
  if (issue.code === "invalid_type" && issue.input === undefined && issue.message.endsWith("received undefined")) {
    return [line(path, `is missing (expected ${issue.expected})`)];
  }
  if (issue.code === "invalid_key") {
    return issue.issues.flatMap((inner) => describeIssue(inner, path));
  }
  return [line(path, issue.message.replace(/^Invalid input: /, ""))];
}

function line(path: readonly PropertyKey[], message: string): string {
  const text = path
    .map((key, index) => {
      if (typeof key === "number") return `[${key}]`;
      const name = String(key);
      if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `[${JSON.stringify(name)}]`;
      return index === 0 ? name : `.${name}`;
    })
    .join("");
  return text === "" ? message : `${text}: ${message}`;
}
