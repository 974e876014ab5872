/** Cancels a scheduled task; harmless when the task has already run. */
export type Cancel = () => void;

/**
 * The time of local AWS. It runs with the wall clock and can be moved forward, so that a day of alarms, expiries and
 * checkpoints can be judged in seconds.
 */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs a task when the clock has reached `at` (milliseconds since the epoch). A task in the past runs at once (asynchronously). */
  schedule(at: number, task: () => void | Promise<void>): Cancel;
}

/** How far a {@link VirtualClock} stands ahead of the wall clock, kept across restarts. */
export interface ClockOffset {
  read(): number;
  write(offsetMs: number): void;
}

interface Task {
  readonly at: number;
  readonly order: number;
  readonly run: () => void | Promise<void>;
}

/** Longest delay that Node's timers take. */
const LONGEST_TIMEOUT_MS = 2 ** 31 - 1;

/** How long an advance keeps the process to itself. */
const LONGEST_TURN_MS = 20;

/** A {@link Clock} on top of the wall clock. Tasks run in order of their time, one at a time while the clock is being advanced. */
export class VirtualClock implements Clock {
  readonly #offset: ClockOffset;
  readonly #tasks = new Set<Task>();
  readonly #wallNow: () => number;
  #offsetMs: number;
  #order = 0;
  #timer: NodeJS.Timeout | undefined;
  #advancing = false;
  #isClosed = false;
  readonly #onTaskFailure: (error: unknown) => void;

  /**
   * @param offset - where the offset is kept
   * @param wallNow - milliseconds on the wall clock
   * @param onTaskFailure - told of what a scheduled task threw: nobody waits for it, and the others must go on
   */
  constructor(
    offset: ClockOffset = { read: () => 0, write: () => {} },
    wallNow: () => number = Date.now,
    onTaskFailure: (error: unknown) => void = () => {},
  ) {
    this.#offset = offset;
    this.#wallNow = wallNow;
    this.#onTaskFailure = onTaskFailure;
    this.#offsetMs = offset.read();
  }

  now(): number {
    return this.#wallNow() + this.#offsetMs;
  }

  /** Milliseconds by which this clock is ahead of the wall clock. */
  get offsetMs(): number {
    return this.#offsetMs;
  }

  /** Whether an {@link advance} is under way. */
  get isAdvancing(): boolean {
    return this.#advancing;
  }

  schedule(at: number, run: () => void | Promise<void>): Cancel {
    if (this.#isClosed) {
      return () => {};
    }
    const task: Task = { at, order: this.#order++, run };
    this.#tasks.add(task);
    this.#arm();
    return () => {
      this.#tasks.delete(task);
      this.#arm();
    };
  }

  /**
   * Moves the clock forward and runs every task that falls due on the way, each at its own time.
   *
   * @param milliseconds - how far; at least 0, since data already carries later times
   * @throws RangeError when negative or not a number, when the clock is being advanced already, or is closed meanwhile
   */
  async advance(milliseconds: number): Promise<void> {
    if (!(milliseconds >= 0) || !Number.isFinite(milliseconds)) {
      throw new RangeError(`The clock only moves forward: got ${milliseconds} ms.`);
    }
    if (this.#advancing) {
      throw new RangeError("The clock is already being advanced.");
    }
    this.#advancing = true;
    try {
      // Counted in the offset, so that 24 hours are 24 hours however long the tasks take.
      const target = this.#offsetMs + milliseconds;
      let pause = performance.now() + LONGEST_TURN_MS;
      for (let next = this.#next(); next !== undefined && next.at <= this.#wallNow() + target; next = this.#next()) {
        this.#moveTo(next.at - this.#wallNow());
        this.#tasks.delete(next);
        await this.#run(next);
        if (performance.now() > pause) {
          // A day of short tasks must not shut out requests, and the signal that says stop.
          await new Promise((resolve) => setImmediate(resolve));
          pause = performance.now() + LONGEST_TURN_MS;
        }
      }
      if (this.#isClosed) {
        throw new RangeError("The clock was closed while it was being advanced.");
      }
      this.#moveTo(target);
    } finally {
      this.#advancing = false;
      this.#arm();
    }
  }

  async #run(task: Task): Promise<void> {
    try {
      await task.run();
    } catch (error) {
      this.#onTaskFailure(error);
    }
  }

  /** Forgets all scheduled tasks, and takes no more. */
  close(): void {
    this.#isClosed = true;
    this.#tasks.clear();
    clearTimeout(this.#timer);
  }

  #moveTo(offset: number): void {
    if (offset > this.#offsetMs) {
      this.#offsetMs = offset;
      this.#offset.write(offset);
    }
  }

  #next(): Task | undefined {
    let first: Task | undefined;
    for (const task of this.#tasks) {
      if (first === undefined || task.at < first.at || (task.at === first.at && task.order < first.order)) {
        first = task;
      }
    }
    return first;
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const next = this.#advancing ? undefined : this.#next();
    if (next === undefined) {
      return;
    }
    const delay = Math.min(Math.max(0, next.at - this.now()), LONGEST_TIMEOUT_MS);
    this.#timer = setTimeout(() => {
      if (next.at <= this.now() && this.#tasks.delete(next)) {
        void this.#run(next).then(() => this.#arm());
      } else {
        this.#arm();
      }
    }, delay);
    this.#timer.unref();
  }
}
