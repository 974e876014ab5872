import type * as z from "zod";
import { Problem, type ProblemDetail } from "./problem.ts";

/**
 * Parses a body or a query string with a schema.
 *
 * @throws Problem 400 that names each wrong or unknown field
 */
export function validate<T extends z.ZodType>(schema: T, value: unknown, place: "pointer" | "parameter"): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) {
    return result.data;
  }
  const errors = result.error.issues.flatMap((issue): ProblemDetail[] => {
    const paths =
      issue.code === "unrecognized_keys" ? issue.keys.map((key) => [...issue.path, key]) : [issue.path.map(String)];
    return paths.map((path) => ({
      detail: issue.message,
      [place]: place === "pointer" ? pointerTo(path) : path.join("."),
    }));
  });
  throw new Problem("invalid-request", `The request has ${errors.length} invalid field(s).`, { errors });
}

function pointerTo(path: readonly PropertyKey[]): string {
  const names = path.map((key) => encodeURIComponent(String(key).replaceAll("~", "~0").replaceAll("/", "~1")));
  return ["#", ...names].join("/");
}
