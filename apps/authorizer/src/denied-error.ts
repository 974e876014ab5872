/** Why a caller is refused, as the log says it. The README explains each. */
export type DenialReason =
  | "malformed"
  | "algorithm"
  | "critical-header"
  | "no-key-id"
  | "unknown-key"
  | "signature"
  | "issuer"
  | "audience"
  | "expired"
  | "no-expiry"
  | "not-yet-valid"
  | "no-subject"
  | "no-scope";

/** A token that is not good. The client is told 401, and not why; nothing of the token gets into this error, so that it can be logged. */
export class DeniedError extends Error {
  override readonly name = "DeniedError";
  readonly reason: DenialReason;

  constructor(reason: DenialReason) {
    super(`The token is refused: ${reason}`);
    this.reason = reason;
  }
}
