import type { Cancel } from "../../core/clock.ts";
import type { KeyRecord, KmsState } from "./kms-state.ts";

/** Carries out deletions when their waiting period has passed on the clock. */
export class KeyDeletions {
  readonly #state: KmsState;
  readonly #scheduled = new Map<string, Cancel>();

  constructor(state: KmsState) {
    this.#state = state;
  }

  /** Takes up the deletions that were pending when local AWS stopped. */
  resume(): void {
    for (const key of this.#state.keys.values()) {
      this.schedule(key);
    }
  }

  /** Waits for a key's deletion date, if it has one. */
  schedule({ id, deletion }: KeyRecord): void {
    this.#scheduled.get(id)?.();
    if (deletion !== undefined) {
      this.#scheduled.set(
        id,
        this.#state.core.clock.schedule(deletion.at.getTime(), () => this.#delete(id, deletion.at)),
      );
    }
  }

  /** Stops waiting. */
  close(): void {
    for (const cancel of this.#scheduled.values()) {
      cancel();
    }
    this.#scheduled.clear();
  }

  #delete(id: string, at: Date): void {
    const { keys, aliases, core } = this.#state;
    this.#scheduled.delete(id);
    // The deletion may have been cancelled, and perhaps scheduled anew for a later date.
    if (keys.get(id)?.deletion?.at.getTime() !== at.getTime()) {
      return;
    }
    core.store.transaction(() => {
      keys.delete(id);
      for (const { name, keyId } of aliases.values()) {
        if (keyId === id) {
          aliases.delete(name);
        }
      }
    });
  }
}
