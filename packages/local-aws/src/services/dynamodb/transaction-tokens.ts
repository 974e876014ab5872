import { createHash } from "node:crypto";
import { AwsError } from "../../core/aws-error.ts";
import type { Clock } from "../../core/clock.ts";
import type { ItemStore, Operation } from "./item-store.ts";

/** How long DynamoDB remembers a transaction's token. */
const REMEMBERED_MS = 10 * 60 * 1000;
/** Tokens are no table's: they sort after all tables. */
const PREFIX = "~token/";

interface TokenRecord {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly digest: string;
}

/**
 * Remembers transactions by their `ClientRequestToken`, so that one that is sent again within ten minutes is not done again.
 * The record is written in the transaction's own commit: after a kill there are both or neither.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
export class TransactionTokens {
  readonly #store: ItemStore;
  readonly #clock: Clock;
  readonly #running = new Set<string>();
  /** Tokens by the time at which they were written, oldest first, to be removed. */
  readonly #written: { token: string; at: number }[] = [];

  private constructor(store: ItemStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Loads what is remembered. */
  static async load(store: ItemStore, clock: Clock): Promise<TransactionTokens> {
    const tokens = new TransactionTokens(store, clock);
    for await (const page of store.pages(PREFIX, `${PREFIX}\u{10FFFF}`, 1000)) {
      for (const [key, text] of page) {
        tokens.#written.push({ token: key.slice(PREFIX.length), at: (JSON.parse(text) as TokenRecord).at });
      }
    }
    tokens.#written.sort((left, right) => left.at - right.at);
    return tokens;
  }

  /** Names a transaction's content. */
  static digest(transactItems: unknown): string {
    return createHash("sha256").update(JSON.stringify(transactItems)).digest("base64");
  }

  /**
   * Runs a transaction unless it has been done already.
   *
   * @param work - the transaction; what it is given must go into its commit
   * @returns what `work` returned, or `undefined` when the transaction had been done before
   * @throws AwsError `IdempotentParameterMismatchException`, `TransactionInProgressException`
   */
  async once<T>(
    token: string | undefined,
    digest: string,
    work: (extra: readonly Operation[]) => Promise<T>,
  ): Promise<T | undefined> {
    if (token === undefined) {
      return await work([]);
    }
    const now = this.#clock.now();
    const text = this.#store.readText(PREFIX + token);
    const known = text === undefined ? undefined : (JSON.parse(text) as TokenRecord);
    if (known !== undefined && known.at > now - REMEMBERED_MS) {
      if (known.digest !== digest) {
        throw new AwsError(
          "IdempotentParameterMismatchException",
          "The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical",
        );
      }
      return undefined;
    }
    if (this.#running.has(token)) {
      throw new AwsError(
        "TransactionInProgressException",
        "Transaction with the given idempotency token is already in progress",
      );
    }
    this.#running.add(token);
    const expired = this.#written.splice(0, this.#written.findLastIndex(({ at }) => at <= now - REMEMBERED_MS) + 1);
    try {
      const record: TokenRecord = { at: now, digest };
      const result = await work([
        ...expired
          .filter((old) => this.#isStored(old))
          .map((old): Operation => ({ type: "del", key: PREFIX + old.token })),
        { type: "put", key: PREFIX + token, value: JSON.stringify(record) },
      ]);
      this.#written.push({ token, at: now });
      return result;
    } catch (error) {
      this.#written.unshift(...expired);
      throw error;
    } finally {
      this.#running.delete(token);
    }
  }

  /** False when the token has been used again since. */
  #isStored({ token, at }: { token: string; at: number }): boolean {
    const text = this.#store.readText(PREFIX + token);
    return text !== undefined && (JSON.parse(text) as TokenRecord).at === at;
  }
}
