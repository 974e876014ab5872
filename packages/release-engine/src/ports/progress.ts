/** What happens while it happens. `phase` is a dotted id such as `prod.plan`, `title` is for people. */
export type ProgressEvent =
  | { type: "phase-started"; phase: string; title: string }
  /** A line of detail inside of a phase. It never holds a sensitive value. */
  | {
      type: "phase-line";
      phase: string;
      text: string;
      /** What is waited for, for minutes and more: it is shown where details are not. */
      isWait?: true;
    }
  | {
      type: "phase-finished";
      phase: string;
      title: string;
      /** `paused`: a person, or time, is needed. */
      outcome: "done" | "nothing-to-do" | "paused" | "failed";
      /** One line, such as `12 to add, 0 to change, 0 to destroy`. */
      summary?: string;
      durationMs: number;
    };

export interface Progress {
  report(event: ProgressEvent): void;
}
