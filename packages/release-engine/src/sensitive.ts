import { inspect } from "node:util";

const shown = "(sensitive value)";

/** Holds a value that must not be shown: logs, JSON and templates get `(sensitive value)` instead. */
export class Sensitive<T> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  /** The value itself, for the one place that needs it. */
  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return shown;
  }

  toJSON(): string {
    return shown;
  }

  [inspect.custom](): string {
    return shown;
  }
}
