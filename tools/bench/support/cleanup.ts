import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Undoes what a benchmark made, the latest first, whatever happened in between. */
export class Cleanup {
  readonly #steps: (() => Promise<void>)[] = [];

  /** Notes what is to be done at the end. */
  defer(step: () => Promise<void>): void {
    this.#steps.push(step);
  }

  /** A new, empty folder that goes at the end. */
  async temporaryFolder(name: string): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), `slipway-bench-${name}-`));
    this.defer(() => rm(path, { recursive: true, force: true, maxRetries: 5 }));
    return path;
  }

  /** @throws what the first step threw that failed; all of them are done all the same */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (let step = this.#steps.pop(); step !== undefined; step = this.#steps.pop()) {
      await step().catch((error: unknown) => failures.push(error));
    }
    if (failures.length > 0) {
      throw failures[0];
    }
  }
}

/** Runs a benchmark's work with a cleanup of its own. */
export async function withCleanup<T>(work: (cleanup: Cleanup) => Promise<T>): Promise<T> {
  const cleanup = new Cleanup();
  try {
    return await work(cleanup);
  } finally {
    await cleanup.run();
  }
}
