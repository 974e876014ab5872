import type { ClassicLevel } from "classic-level";

type Snapshot = ReturnType<ClassicLevel<string, string>["snapshot"]>;

/** Entries that are fetched from LevelDB at a time, and the bytes at which it is enough. */
const PAGE = 500;
const PAGE_BYTES = 256 * 1024;

/** The item store as it was at one moment, whatever is written, cleared or dropped meanwhile. */
export class ItemView {
  readonly #level: ClassicLevel<string, string>;
  readonly #snapshot: Snapshot;

  constructor(level: ClassicLevel<string, string>) {
    this.#level = level;
    this.#snapshot = level.snapshot();
  }

  /** The text at a full key. */
  readText(key: string): string | undefined {
    return this.#level.getSync<string, string>(key, { snapshot: this.#snapshot });
  }

  /** Texts with their full keys in a range, in order, a few at a time. */
  async *entries(from: string, to: string): AsyncGenerator<readonly (readonly [key: string, text: string])[]> {
    yield* pagesOf(
      this.#level.iterator({ gte: from, lt: to, snapshot: this.#snapshot, highWaterMarkBytes: PAGE_BYTES }),
    );
  }

  /** Full keys in a range, in order, a few at a time. */
  async *keys(from: string, to: string): AsyncGenerator<readonly string[]> {
    yield* pagesOf(this.#level.keys({ gte: from, lt: to, snapshot: this.#snapshot, highWaterMarkBytes: PAGE_BYTES }));
  }

  /** The first key after one, up to another that it is not. */
  async firstKey(after: string, to: string): Promise<string | undefined> {
    const [key] = await this.#level.keys({ gt: after, lt: to, limit: 1, snapshot: this.#snapshot }).all();
    return key;
  }

  async close(): Promise<void> {
    await this.#snapshot.close();
  }
}

interface Pages<T> {
  nextv(size: number): Promise<T[]>;
  close(): Promise<void>;
}

async function* pagesOf<T>(iterator: Pages<T>): AsyncGenerator<readonly T[]> {
  try {
    for (let page = await iterator.nextv(PAGE); page.length > 0; page = await iterator.nextv(PAGE)) {
      yield page;
    }
  } finally {
    await iterator.close();
  }
}
