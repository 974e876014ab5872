import type { ApiRequest } from "./api.ts";
import { Problem } from "./problem.ts";

const MEDIA_TYPE = "application/json";

/** From the most to the least specific: the most specific range that fits decides (RFC 9110, section 12.5.1). */
const RANGES = [MEDIA_TYPE, "application/*", "*/*"];

/**
 * Refuses a request whose `Accept` admits no JSON. Without the header everything is acceptable.
 *
 * @throws {Problem} 406
 */
export function assertAcceptable(request: ApiRequest): void {
  const header = request.headers.get("accept");
  if (header === undefined || header.trim() === "" || admits(header)) return;
  throw new Problem("not-acceptable", `The API answers in ${MEDIA_TYPE} only.`, {
    errors: [{ detail: `Must admit ${MEDIA_TYPE}`, header: "Accept" }],
  });
}

function admits(header: string): boolean {
  const weights = new Map<string, number>();
  for (const part of header.split(",")) {
    const [range = "", ...parameters] = part.split(";").map((each) => each.trim().toLowerCase());
    const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2);
    // A weight that is none counts as the default: it is a wish, and guessing it better than refusing.
    const weight = quality === undefined || quality === "" || Number.isNaN(Number(quality)) ? 1 : Number(quality);
    weights.set(range, Math.max(weight, weights.get(range) ?? 0));
  }
  const decisive = RANGES.find((range) => weights.has(range));
  return decisive !== undefined && (weights.get(decisive) ?? 0) > 0;
}
