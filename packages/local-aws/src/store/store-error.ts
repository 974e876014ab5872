/** Thrown when a data folder cannot be used; the message is for people. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}
