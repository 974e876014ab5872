/** Thrown for an API that local AWS cannot serve as AWS would; the message says which part, and what to do instead. */
export class UnsupportedApiError extends Error {
  override readonly name = "UnsupportedApiError";
}
