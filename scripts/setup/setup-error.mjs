/**
 * @typedef {object} Problem
 * @property {string} what what is missing or unusable, as one short sentence without a full stop
 * @property {string} why what was found instead, or why it is needed
 * @property {string} next what to type or do now
 */

/**
 * Something that set-up needs and does not have. Its message is complete: what, why, and what to type.
 */
export class SetupError extends Error {
  /**
   * @param {Problem} problem
   * @param {{ cause?: unknown }} [options]
   */
  constructor(problem, options) {
    super(`${problem.what}.\n  Why:  ${problem.why}\n  Next: ${problem.next}`, options);
    this.name = "SetupError";
    this.problem = problem;
  }
}
