import type { Progress, ProgressEvent } from "@slipway/release-engine";

/** Keeps what was reported. */
export class RecordingProgress implements Progress {
  readonly events: ProgressEvent[] = [];

  report(event: ProgressEvent): void {
    this.events.push(event);
  }

  /** Each phase that ended, as `prod.plan: done (2 to add, 0 to change, 0 to destroy)`. */
  get ended(): string[] {
    return this.events.flatMap((event) =>
      event.type === "phase-finished" ? [`${event.phase}: ${event.outcome} (${event.summary ?? ""})`] : [],
    );
  }

  /** All lines of detail. */
  get lines(): string[] {
    return this.events.flatMap((event) => (event.type === "phase-line" ? [event.text] : []));
  }
}
