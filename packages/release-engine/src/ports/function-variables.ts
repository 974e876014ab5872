/** Looks at the environment variables of deployed functions. Values are secrets, so that nobody is shown any. */
export interface FunctionVariables {
  /**
   * @returns undefined where there is no such function
   * @throws {ReleaseError} when it cannot be looked at
   */
  namesOf(functionName: string, signal?: AbortSignal): Promise<ReadonlySet<string> | undefined>;
}
