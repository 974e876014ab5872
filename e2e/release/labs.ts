import { Lab } from "./lab.ts";
import type { LabSettings } from "./lab-configuration.ts";

/** Labs that work side by side. Most of what a release does is wait for a provider that starts, so that two cores have room for more than one. */
export class Labs {
  readonly #labs: readonly Lab[];

  /** @param count how many; `SLIPWAY_LABS`, unless given, and two without that */
  static async open(settings: LabSettings, count = Number(process.env.SLIPWAY_LABS ?? 2)): Promise<Labs> {
    const opened = await Promise.allSettled(Array.from({ length: count }, () => Lab.open(settings)));
    const labs = opened.flatMap((each) => (each.status === "fulfilled" ? [each.value] : []));
    const failed = opened.find((each) => each.status === "rejected");
    if (failed !== undefined) {
      await Promise.allSettled(labs.map((lab) => lab.close()));
      throw failed.reason;
    }
    return new Labs(labs);
  }

  private constructor(labs: readonly Lab[]) {
    this.#labs = labs;
  }

  get all(): readonly Lab[] {
    return this.#labs;
  }

  get first(): Lab {
    return this.#labs[0] as Lab;
  }

  /**
   * Makes each attempt in whichever lab is free.
   *
   * @returns what the attempts came to, and why those failed that did; both in the order in which they ended
   */
  async attemptAll<T, R>(
    attempts: readonly T[],
    attempt: (lab: Lab, what: T) => Promise<R>,
  ): Promise<{ readonly results: readonly R[]; readonly failures: readonly string[] }> {
    const left = [...attempts.entries()];
    const results: R[] = [];
    const failures: string[] = [];
    const work = async (lab: Lab): Promise<void> => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        const [index, what] = next;
        const title = `${index + 1}/${attempts.length} ${JSON.stringify(what)}`;
        const startedAt = Date.now();
        try {
          const result = await attempt(lab, what);
          results.push(result);
          console.log(`${title}: ${JSON.stringify(result)} (${Date.now() - startedAt} ms)`);
        } catch (error) {
          failures.push(`${title}: ${error instanceof Error ? error.message : String(error)}`);
          console.log(`FAILED ${failures.at(-1)}`);
        }
      }
    };
    await Promise.all(this.#labs.map(work));
    return { results, failures };
  }

  async close(): Promise<void> {
    await Promise.all(this.#labs.map((lab) => lab.close()));
  }
}
