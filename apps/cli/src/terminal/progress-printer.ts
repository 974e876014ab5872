import type { Progress, ProgressEvent } from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";

const FRAMES = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const FRAME_MS = 100;
const TITLE_WIDTH = 34;
const TIME_WIDTH = 8;
const CLEAR_LINE = "\r\u001b[2K";
const GREEN = "\u001b[32m";
const RED = "\u001b[31m";
const DIM = "\u001b[2m";
const PLAIN = "\u001b[0m";

type Finished = Extract<ProgressEvent, { type: "phase-finished" }>;

/** How much is shown. */
export interface ProgressDetail {
  /** Lines of detail, too, each on a line of its own. */
  readonly isVerbose?: boolean;
}

/**
 * Shows phases on stderr: in a terminal one line each, the running one alive with its latest detail; elsewhere, and in CI, plain lines,
 * one when a phase ends and one when something is waited for, and no control codes.
 */
export class ProgressPrinter implements Progress {
  readonly #io: Pick<CommandIo, "stderr" | "isTty" | "env" | "columns">;
  readonly #running = new Map<string, { title: string; since: number; detail: string }>();
  readonly #isAlive: boolean;
  readonly #isVerbose: boolean;
  #timer: NodeJS.Timeout | undefined;
  #frame = 0;

  constructor(io: Pick<CommandIo, "stderr" | "isTty" | "env" | "columns">, { isVerbose = false }: ProgressDetail = {}) {
    this.#io = io;
    // Some CI systems give their jobs a terminal; what they keep is a log all the same.
    this.#isAlive = io.isTty && (io.env.CI ?? "") === "";
    this.#isVerbose = isVerbose;
  }

  report(event: ProgressEvent): void {
    if (event.type === "phase-started") {
      this.#running.set(event.phase, { title: event.title, since: performance.now(), detail: "" });
      this.#animate();
    } else if (event.type === "phase-line") {
      const running = this.#running.get(event.phase);
      if (running !== undefined) {
        running.detail = event.text;
      }
      if (this.#isVerbose || (event.isWait === true && !this.#isAlive)) {
        this.#line(`${this.#isAlive ? "    " : `${event.phase}: `}${event.text}`);
      }
    } else {
      this.#running.delete(event.phase);
      this.#line(this.#isAlive ? this.#prettyEnd(event) : plainEnd(event));
    }
    if (this.#running.size === 0) {
      this.stop();
    }
  }

  /** Ends the animation and leaves a clean line behind. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#isAlive) {
      this.#io.stderr.write(CLEAR_LINE);
    }
  }

  #line(text: string): void {
    this.#io.stderr.write(`${this.#isAlive ? CLEAR_LINE : ""}${text}\n`);
  }

  #prettyEnd({ outcome, title, summary = "", durationMs }: Finished): string {
    const [mark, colour] = outcome === "failed" ? ["✗", RED] : outcome === "done" ? ["✓", GREEN] : ["·", DIM];
    return this.#fit(`${this.#paint(colour, mark)} `, `${columns(title, seconds(durationMs))}${summary}`);
  }

  #animate(): void {
    if (!this.#isAlive || this.#timer !== undefined) {
      return;
    }
    this.#timer = setInterval(() => {
      const latest = [...this.#running.values()].at(-1);
      if (latest !== undefined) {
        const frame = FRAMES[this.#frame++ % FRAMES.length] ?? "";
        const text = `${columns(latest.title, seconds(performance.now() - latest.since))}${latest.detail}`;
        this.#io.stderr.write(CLEAR_LINE + this.#fit(`${frame} `, text));
      }
    }, FRAME_MS);
    this.#timer.unref();
  }

  /** Cuts to the terminal's width: a line that wraps cannot be cleared. `mark` takes two columns. */
  #fit(mark: string, text: string): string {
    const room = Math.max(20, this.#io.columns - 3);
    return mark + (text.length > room ? `${text.slice(0, room - 1)}…` : text);
  }

  #paint(colour: string, text: string): string {
    const plain = this.#io.env.NO_COLOR !== undefined && this.#io.env.NO_COLOR !== "";
    return plain ? text : `${colour}${text}${PLAIN}`;
  }
}

const WORDS = { done: "done", "nothing-to-do": "nothing to do", paused: "PAUSED", failed: "FAILED" } as const;

function plainEnd({ outcome, title, summary, durationMs }: Finished): string {
  const rest = summary === undefined ? "" : `: ${summary}`;
  return `${title} - ${WORDS[outcome]} (${seconds(durationMs)})${rest}`;
}

function columns(title: string, time: string): string {
  return `${title.padEnd(TITLE_WIDTH)}${time.padStart(TIME_WIDTH)}  `;
}

/** `0.4 s`, `12.3 s`, `3 min 20 s`. */
export function seconds(milliseconds: number): string {
  const whole = milliseconds / 1000;
  if (whole < 100) {
    return `${whole.toFixed(1)} s`;
  }
  const rounded = Math.round(whole);
  return `${Math.floor(rounded / 60)} min ${rounded % 60} s`;
}
