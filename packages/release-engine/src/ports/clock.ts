/** Time, so that tests do not wait for it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Waits so many milliseconds, or until the signal is given; then it resolves too. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}
