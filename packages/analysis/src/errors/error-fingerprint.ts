/** What tells one error from another, wherever and whenever it happens. */
export interface ErrorFingerprint {
  /** The same for the same error, also in another process, version or year: a line of text that people can read. */
  readonly id: string;
  /** `TypeError`, `Sandbox.Timedout`, `Runtime.ExitError`; `Error` where none is named. */
  readonly errorClass: string;
  /** The message with what varies replaced by its kind: `<uuid>`, `<number>`, `<arn>`. */
  readonly message: string;
  /** Function and file of the first stack frame that is the application's own, without line numbers; absent without a stack. */
  readonly place?: string;
  /** `createItem`; absent where the line does not say. */
  readonly operation?: string;
}

/**
 * The fingerprint of a log event that is an error.
 *
 * @param line - message of a log event, which may have several lines
 * @returns `undefined` for a line that is no error
 */
export function errorFingerprint(_line: string): ErrorFingerprint | undefined {
  throw new Error("To be written.");
}
