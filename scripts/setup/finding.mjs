/** @import { Problem } from "./setup-error.mjs" */
import { SetupError } from "./setup-error.mjs";

/**
 * What a look at the machine gives: the thing, or the problem with it. Set-up acts on the problem, doctor shows it.
 *
 * @template T
 * @typedef {{ ok: true, value: T } | { ok: false, problem: Problem }} Finding
 */

/**
 * @template T
 * @param {T} value
 * @returns {{ ok: true, value: T }}
 */
export function found(value) {
  return { ok: true, value };
}

/**
 * @param {Problem} problem
 * @returns {{ ok: false, problem: Problem }}
 */
export function missing(problem) {
  return { ok: false, problem };
}

/**
 * @template T
 * @param {Finding<T>} finding
 * @returns {T}
 * @throws {SetupError} when there was a problem
 */
export function orThrow(finding) {
  if (!finding.ok) {
    throw new SetupError(finding.problem);
  }
  return finding.value;
}
