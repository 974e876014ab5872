import { en } from "zod/locales";
import * as z from "zod/mini";
import { Problem, type ProblemDetail } from "./problem.ts";

z.config(en());

const MAX_REPORTED = 20;
const MAX_POINTER_LENGTH = 200;

/**
 * Parses `value` with `schema`.
 *
 * @param place whether `value` came as the body or as the query string: it decides how the errors name the field
 * @throws {Problem} 400 that names each wrong field
 */
export function validate<T extends z.ZodMiniType>(schema: T, value: unknown, place: "body" | "query"): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.flatMap(explain).map(({ path, detail }): ProblemDetail => {
    return place === "body" ? { detail, pointer: pointerTo(path) } : { detail, parameter: path.join(".") };
  });
  const where = place === "body" ? "The body has" : "The query string has";
  throw new Problem(
    "invalid-request",
    `${where} ${errors.length} invalid ${errors.length === 1 ? "field" : "fields"}.`,
    {
      errors: errors.slice(0, MAX_REPORTED),
    },
  );
}

function explain(issue: z.core.$ZodIssue): { path: PropertyKey[]; detail: string }[] {
  if (issue.code !== "unrecognized_keys") return [{ path: issue.path, detail: issue.message }];
  return issue.keys.map((key) => ({ path: [...issue.path, key], detail: "Unknown field" }));
}

/** A JSON pointer in its URI fragment form, as in the examples of RFC 9457. */
function pointerTo(path: PropertyKey[]): string {
  const escaped = path.map((key) => String(key).toWellFormed().replaceAll("~", "~0").replaceAll("/", "~1"));
  return ["#", ...escaped.map(encodeURIComponent)].join("/").slice(0, MAX_POINTER_LENGTH);
}
