import { checkNames } from "../check-names.ts";

/** The lines of the checklist that are about who has looked at what others wrote. */
const REVIEWS: ReadonlySet<string> = new Set([
  "checklist.code-review",
  "checklist.signed-commits",
  "checklist.plan-reviewed",
]);

/**
 * Whether a check keeps watch over the authors themselves: a review, or a check that puts a release back. Their own word is not enough to
 * do without it.
 *
 * @param check its id; of a waiver's it may be without a window: `validation.error-rate`
 * @param putBackOn ids of the checks that put a release back
 */
export function isGuardedCheck(check: string, putBackOn: ReadonlySet<string>): boolean {
  return REVIEWS.has(check) || [...putBackOn].some((id) => checkNames(id).includes(check));
}
