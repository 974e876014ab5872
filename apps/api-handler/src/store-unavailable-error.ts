/** The table is throttled or cannot be reached now; the same request may succeed a moment later. */
export class StoreUnavailableError extends Error {
  override readonly name = "StoreUnavailableError";
}
