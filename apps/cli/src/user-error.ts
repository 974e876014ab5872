/**
 * A failure that people can do something about: its message says what happened, why, and what to type next. Everything else that
 * is thrown is a bug of ours and reported as one.
 */
export class UserError extends Error {
  override readonly name = "UserError";
}
