import { Stream } from "node:stream";

/** How many items are fetched from LevelDB at a time. */
const PAGE = 100;

interface Values {
  nextv(size: number): Promise<string[]>;
  close(): Promise<void>;
}

/**
 * The old kind of object stream that dynalite reads, without the cost of the new kind. It starts when somebody listens, and
 * stops between two items when it is destroyed.
 */
export class ItemStream extends Stream {
  readonly #values: Values;
  #destroyed = false;

  constructor(values: Values) {
    super();
    this.#values = values;
    queueMicrotask(() => void this.#pump());
  }

  destroy(): void {
    this.#destroyed = true;
  }

  async #pump(): Promise<void> {
    try {
      while (!this.#destroyed) {
        const page = await this.#values.nextv(PAGE);
        if (page.length === 0) {
          break;
        }
        for (const text of page) {
          if (this.#destroyed) {
            break;
          }
          this.emit("data", JSON.parse(text));
        }
      }
      await this.#values.close();
      this.emit("end");
    } catch (error) {
      this.emit("error", error);
    }
  }
}
