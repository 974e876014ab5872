import { Problem } from "./problem.ts";

/** What a PATCH may be sent as, the preferred one first. */
export const patchTypes = ["application/merge-patch+json", "application/json"];

/** What a POST or PUT may be sent as. */
export const jsonTypes = ["application/json"];

/** @throws Problem 406 when `Accept` admits no JSON */
export function assertAcceptsJson(accept: string | undefined): void {
  const ranges = accept?.split(",").map((range) => range.split(";")) ?? [];
  const admits = ranges.some(
    ([type = "", ...parameters]) =>
      /^(\*\/\*|application\/(\*|([\w.-]+\+)?json))$/i.test(type.trim()) &&
      !parameters.some((parameter) => /^\s*q=0(\.0*)?\s*$/i.test(parameter)),
  );
  if (ranges.length > 0 && !admits) {
    throw new Problem("not-acceptable", "The API answers with application/json.", {
      errors: [{ detail: "Must admit application/json", header: "Accept" }],
    });
  }
}

/** @throws Problem 415 when the body is sent as something else */
export function assertMediaType(contentType: string | undefined, accepted: readonly string[]): void {
  const mediaType = contentType?.split(";")[0]?.trim().toLowerCase() ?? "";
  if (!accepted.includes(mediaType)) {
    throw new Problem("unsupported-media-type", `Send the body as ${accepted.join(" or ")}.`, {
      errors: [{ detail: `Must be one of: ${accepted.join(", ")}`, header: "Content-Type" }],
    });
  }
}
