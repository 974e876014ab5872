import { setTimeout as wait } from "node:timers/promises";

/**
 * Stands between the requests and the state: counts who is inside, and can be shut while the state behind it is exchanged.
 *
 *     open ---- exclusively() ----> draining ---- empty, or out of patience ----> shut ---- work ended ----> open
 *
 * Who comes while it is not open waits. The exception are requests that belong to one inside (a function that calls DynamoDB
 * before it answers): while draining they are let in, or the one inside could never end.
 */
export class RequestGate {
  #inside = 0;
  #reopened: Promise<void> | undefined;
  #isDraining = false;

  /**
   * Runs `work` when the gate is open.
   *
   * @param isNested - whether it may belong to a request that is inside already
   */
  async pass<T>(work: () => T | Promise<T>, isNested = false): Promise<T> {
    while (this.#reopened !== undefined && !(isNested && this.#isDraining && this.#inside > 0)) {
      await this.#reopened;
    }
    this.#inside++;
    try {
      return await work();
    } finally {
      this.#inside--;
    }
  }

  /**
   * Shuts the gate, waits until nobody is inside, runs `work` alone, and opens again. Several calls take turns.
   *
   * @param patienceMs - after this long it goes ahead although somebody is inside still
   */
  async exclusively<T>(patienceMs: number, work: () => Promise<T>): Promise<T> {
    while (this.#reopened !== undefined) {
      await this.#reopened;
    }
    let reopen = (): void => {};
    this.#reopened = new Promise((resolve) => {
      reopen = resolve;
    });
    try {
      this.#isDraining = true;
      const deadline = performance.now() + patienceMs;
      while (this.#inside > 0 && performance.now() < deadline) {
        await wait(5);
      }
      this.#isDraining = false;
      return await work();
    } finally {
      this.#reopened = undefined;
      reopen();
    }
  }
}
