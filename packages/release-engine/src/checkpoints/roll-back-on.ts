import { ReleaseError } from "../release-error.ts";
import { validationCheckIds } from "../validation/judge-validation.ts";

/**
 * The checks that put a release back, unless the configuration says otherwise: what users notice, and what a version before did not do.
 * Throttling, costs, findings, alarms and logs have other reasons than the release as often as not, and an hour that is slower than the
 * others of its day has, too; they are for people.
 */
const USUAL = [
  "function-responds",
  "endpoints-accessible",
  "no-error-spike",
  "table-operations",
  "cors-headers",
  "error-rate",
  "response-time",
  "no-timeouts",
  "error-patterns",
] as const;

/**
 * The ids of the checks that put a release back when they fail.
 *
 * @param configured `release.checkpoints.rollBackOn`: ids (`validation.short.error-rate`), or their last parts (`error-rate`)
 * @throws {ReleaseError} `usage` for one that no validation makes: it would never put anything back
 */
export function rollBackOn(configured: readonly string[] = USUAL): ReadonlySet<string> {
  const ids = configured.map((name) => {
    const id = validationCheckIds.find((each) => each === name || each.split(".").at(-1) === name);
    if (id === undefined) {
      throw new ReleaseError({
        kind: "usage",
        what: `release.checkpoints.rollBackOn names a check that there is not: ${name}`,
        why: `no validation makes it; there are ${validationCheckIds.join(", ")}`,
        next: "correct it in slipway.config.ts, then type the same command again",
      });
    }
    return id;
  });
  return new Set(ids);
}
