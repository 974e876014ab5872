import { setTimeout as wait } from "node:timers/promises";

/**
 * Tries until an attempt does not throw, for what AWS promises to be true only after a while.
 *
 * @returns what that attempt returned
 * @throws what the last attempt threw, after `withinMs` milliseconds
 */
export async function eventually<T>(attempt: () => Promise<T>, withinMs = 60_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > deadline) {
        throw error;
      }
      await wait(200);
    }
  }
}
