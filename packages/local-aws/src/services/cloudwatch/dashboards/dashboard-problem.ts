/** What is wrong with a part of a dashboard's body. */
export interface DashboardProblem {
  /** Where: `/widgets/0/properties/metrics/1`. */
  readonly path: string;
  readonly message: string;
}

/** Problems for which a dashboard is refused, and those with which it is taken. */
export interface DashboardProblems {
  readonly errors: readonly DashboardProblem[];
  readonly warnings: readonly DashboardProblem[];
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
