/** Why local AWS cannot do what it was asked to; the message is for people and says what to type. */
export class LocalAwsError extends Error {
  override readonly name = "LocalAwsError";
}
