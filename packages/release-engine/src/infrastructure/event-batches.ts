import type { Json } from "@slipway/contracts";
import type { TerraformEvent } from "../ports/terraform.ts";

/** An entry has at most so many events, and so much text: DynamoDB takes 400 KB. */
const MOST_EVENTS = 50;
const MOST_CHARACTERS = 100_000;
/** One event is cut to so much: Terraform quotes a service's whole answer when something fails. */
const MOST_TEXT = 8_000;

/**
 * Gathers what Terraform reports, and writes it down in batches while it goes on reporting. A write that fails ends the writing, and not
 * the apply, which nothing may break off.
 */
export class EventBatches {
  readonly #write: (events: Json[]) => Promise<void>;
  #waiting: Json[] = [];
  #characters = 0;
  #writing: Promise<void> = Promise.resolve();
  #failure: { readonly error: unknown } | undefined;

  constructor(write: (events: Json[]) => Promise<void>) {
    this.#write = write;
  }

  add({ text, ...event }: TerraformEvent): void {
    const shown = text === undefined || text.length <= MOST_TEXT ? text : `${text.slice(0, MOST_TEXT)} [cut]`;
    const json: Json = JSON.parse(JSON.stringify({ ...event, text: shown }));
    this.#waiting.push(json);
    this.#characters += (shown?.length ?? 0) + 200;
    if (this.#waiting.length >= MOST_EVENTS || this.#characters >= MOST_CHARACTERS) {
      this.#flush();
    }
  }

  /** @throws what the first write that failed threw */
  async end(): Promise<void> {
    this.#flush();
    await this.#writing;
    if (this.#failure !== undefined) {
      throw this.#failure.error;
    }
  }

  #flush(): void {
    const events = this.#waiting;
    this.#waiting = [];
    this.#characters = 0;
    if (events.length > 0) {
      this.#writing = this.#writing.then(async () => {
        if (this.#failure === undefined) {
          await this.#write(events).catch((error: unknown) => {
            this.#failure = { error };
          });
        }
      });
    }
  }
}
