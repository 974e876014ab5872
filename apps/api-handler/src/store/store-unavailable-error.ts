/** The table is throttled or cannot be reached now; the same request may succeed a moment later. */
export class StoreUnavailableError extends Error {
  override readonly name = "StoreUnavailableError";
  /** Whether the table had no capacity for it, rather than no answer. */
  readonly isThrottled: boolean;

  constructor(message: string, { cause, isThrottled = false }: { cause?: unknown; isThrottled?: boolean } = {}) {
    super(message, { cause });
    this.isThrottled = isThrottled;
  }
}
