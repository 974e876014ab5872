/** Calls one version of a function, past its alias. */
export interface FunctionInvoker {
  /**
   * @param version a version's number
   * @param payload JSON
   * @throws {ReleaseError} when Lambda does not run it; an error of the function's own is an answer
   */
  invoke(request: {
    readonly functionName: string;
    readonly version: string;
    readonly payload: string;
    readonly timeoutMs: number;
  }): Promise<FunctionAnswer>;
}

export interface FunctionAnswer {
  /** JSON; what the function returned, or Lambda's description of its error. */
  readonly payload: string;
  /** `Handled` or `Unhandled`: the function failed. */
  readonly functionError?: string;
}
