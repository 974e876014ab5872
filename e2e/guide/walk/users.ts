import { setTimeout as wait } from "node:timers/promises";
import type { LocalAwsProcess } from "../../support/local-aws-process.ts";

const MINUTE_MS = 60_000;
/** In each minute that goes by while a command waits. */
const REQUESTS_A_MINUTE = 12;

/** The users of the API of prod, and the time that goes by for them. */
export class Users {
  readonly #localAws: LocalAwsProcess;
  readonly #url: () => Promise<string>;
  #gifts = false;

  /** @param url where the API answers */
  constructor(localAws: LocalAwsProcess, url: () => Promise<string>) {
    this.#localAws = localAws;
    this.#url = url;
  }

  /** From now on users order gifts, too. */
  wantGifts(areWanted: boolean): void {
    this.#gifts = areWanted;
  }

  /** What users ask, and the answers' statuses. */
  async requests(count: number, url?: string): Promise<readonly number[]> {
    const base = url ?? (await this.#url());
    const ask = async (index: number) => {
      const init = { method: "POST", headers: { "content-type": "application/json" } };
      const body = JSON.stringify({ name: this.#gifts ? `a gift, ${index}` : `of a user, ${index}` });
      const response = await (index % 4 === 0
        ? fetch(`${base}/items`, { ...init, body })
        : fetch(`${base}/items?limit=5`));
      await response.arrayBuffer();
      return response.status;
    };
    return Promise.all(Array.from({ length: count }, (_, index) => ask(index)));
  }

  /** Lets minutes go by, with users' requests in each of them. */
  async pass(minutes: number): Promise<void> {
    const url = await this.#url();
    for (let minute = 0; minute < minutes; minute += 1) {
      await this.#minute(url);
    }
  }

  /**
   * Spoils items that were well, as a bad release does, and lets enough time go by for all of it to be in exports and backups.
   *
   * @returns the second before, as the guide's commands take it
   */
  async spoil(count: number): Promise<string> {
    const base = `${await this.#url()}/items`;
    const send = async (method: string, path: string, body: object, headers: object = {}) => {
      const init = { method, headers: { "content-type": "application/json", ...headers }, body: JSON.stringify(body) };
      const response = await fetch(`${base}${path}`, init);
      if (!response.ok) {
        throw new Error(`${method} /items${path} was answered ${response.status}: ${await response.text()}`);
      }
      return (await response.json()) as { readonly id: string };
    };
    const items = await Promise.all(
      Array.from({ length: count }, (_, index) =>
        send("POST", "", { name: `item ${index}`, description: "as it was" }),
      ),
    );
    await this.pass(2);
    const { clock } = await this.#localAws.control<{ clock: string }>("GET", "clock");
    await wait(1_500);
    const merge = { "content-type": "application/merge-patch+json", "if-match": "*" };
    for (const { id } of items) {
      await send("PATCH", `/${id}`, { description: "spoilt" }, merge);
    }
    await this.pass(20);
    return `${clock.slice(0, 19)}Z`;
  }

  /** Goes on until it is over: requests, and a minute that goes by for each second. */
  async goOn(over: AbortSignal): Promise<void> {
    const url = await this.#url();
    while (!over.aborted) {
      await this.#minute(url);
      await wait(1_000, undefined, { signal: over }).catch(() => {});
    }
  }

  async #minute(url: string): Promise<void> {
    await this.requests(REQUESTS_A_MINUTE, url).catch(() => {});
    await this.#localAws.control("POST", "clock", { advanceMs: MINUTE_MS });
  }
}
