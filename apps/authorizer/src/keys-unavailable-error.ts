/** The issuer's keys cannot be had: nobody knows whether the token is good, so the client must not be told that it is not. */
export class KeysUnavailableError extends Error {
  override readonly name = "KeysUnavailableError";

  /** @param why what went wrong, as the end of a sentence */
  constructor(uri: string, why: string, cause?: unknown) {
    super(`The issuer's keys cannot be had from ${uri}: ${why}`, { cause });
  }
}
