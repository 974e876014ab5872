/** What is picked out of a JSON document, by the way to it: names of members, and `*` for each element of an array. */
export interface Pick {
  readonly path: readonly string[];
  /** Gets each value that is there, as JSON text. */
  take(json: string): void;
}

interface Way {
  readonly members: Map<string, Way>;
  take?: (json: string) => void;
}

interface Frame {
  readonly way: Way;
  readonly isArray: boolean;
  /** The next text is the name of a member. */
  wantsName: boolean;
  name: string;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = new Set([0x7b, 0x5b]);
const CLOSE = new Set([0x7d, 0x5d]);
const ARRAY = 0x5b;
const COMMA = 0x2c;
const COLON = 0x3a;
const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Reads a JSON document in parts as they come, and keeps none of it but one picked value at a time: a plan of ten thousand resources has
 * a hundred megabytes, of which a fifth is judged.
 *
 * What is not picked is not checked either, except that it comes to its end.
 */
export class JsonPicker {
  readonly #root: Way = { members: new Map() };
  readonly #stack: Frame[] = [];
  readonly #decoder = new TextDecoder();
  /** Where in the document we are: between values, in a member's name, or in a value that is passed over or picked as a whole. */
  #at: "between" | "name" | "text" | "container" | "scalar" = "between";
  #inString = false;
  #escaped = false;
  #depth = 0;
  /** Earlier parts of what is picked, or of a member's name; undefined while it is passed over. */
  #pieces: Uint8Array[] | undefined;
  #way: Way | undefined;
  #isDone = false;

  constructor(picks: readonly Pick[]) {
    for (const { path, take } of picks) {
      let way = this.#root;
      for (const step of path) {
        const next: Way = way.members.get(step) ?? { members: new Map() };
        way.members.set(step, next);
        way = next;
      }
      way.take = take;
    }
  }

  /** @throws {Error} where it is no JSON */
  write(chunk: Uint8Array): void {
    let index = 0;
    while (index < chunk.length) {
      index = this.#at === "between" ? this.#between(chunk, index) : this.#within(chunk, index);
    }
  }

  /** @throws {Error} where it stops half-way */
  end(): void {
    if (!this.#isDone) {
      throw new Error("the JSON document stops half-way");
    }
  }

  #between(chunk: Uint8Array, index: number): number {
    const byte = chunk[index] as number;
    const frame = this.#stack.at(-1);
    if (isSpace(byte)) {
      return index + 1;
    }
    if (this.#isDone) {
      throw new Error("there is something after the JSON document");
    }
    if (CLOSE.has(byte)) {
      this.#stack.pop();
      this.#isDone = this.#stack.length === 0;
      return index + 1;
    }
    if (byte === COMMA && frame !== undefined) {
      frame.wantsName = !frame.isArray;
      return index + 1;
    }
    if (byte === COLON && frame !== undefined) {
      return index + 1;
    }
    if (frame?.wantsName === true) {
      if (byte !== QUOTE) {
        throw new Error("this is no JSON: a member has no name");
      }
      this.#at = "name";
      this.#pieces = [];
      return index + 1;
    }
    return this.#begin(chunk, index, frame);
  }

  /** The first byte of a value. */
  #begin(chunk: Uint8Array, index: number, frame: Frame | undefined): number {
    const byte = chunk[index] as number;
    const way = frame === undefined ? this.#root : frame.way.members.get(frame.isArray ? "*" : frame.name);
    const isContainer = OPEN.has(byte);
    if (frame === undefined && !isContainer) {
      throw new Error("this is no JSON object");
    }
    if (isContainer && way !== undefined && way.take === undefined) {
      const isArray = byte === ARRAY;
      this.#stack.push({ way, isArray, wantsName: !isArray, name: "" });
      return index + 1;
    }
    this.#way = way;
    this.#pieces = way?.take === undefined ? undefined : [];
    this.#at = isContainer ? "container" : byte === QUOTE ? "text" : "scalar";
    this.#depth = 0;
    // The quotation mark of a text is passed here, so that the next one ends it.
    if (this.#at === "text") {
      this.#pieces?.push(chunk.subarray(index, index + 1));
      return index + 1;
    }
    return index;
  }

  /** Goes on in a value, or in a name, as far as the chunk does. */
  #within(chunk: Uint8Array, begin: number): number {
    const end =
      this.#at === "container"
        ? this.#endOfContainer(chunk, begin)
        : this.#at === "scalar"
          ? endOfScalar(chunk, begin)
          : this.#endOfText(chunk, begin);
    this.#pieces?.push(chunk.subarray(begin, end === -1 ? chunk.length : end));
    if (end === -1) {
      return chunk.length;
    }
    this.#finish();
    return end;
  }

  #finish(): void {
    const pieces = this.#pieces;
    const wasName = this.#at === "name";
    this.#pieces = undefined;
    this.#at = "between";
    if (pieces === undefined) {
      return;
    }
    const [only] = pieces;
    const text = this.#decoder.decode(pieces.length === 1 ? only : concat(pieces));
    const frame = this.#stack.at(-1);
    if (wasName && frame !== undefined) {
      frame.name = JSON.parse(`"${text}`);
      frame.wantsName = false;
    } else {
      this.#way?.take?.(text);
    }
  }

  /** @returns the index after the closing quotation mark, or -1 */
  #endOfText(chunk: Uint8Array, begin: number): number {
    let index = begin;
    for (; index < chunk.length; index++) {
      if (this.#escaped) {
        this.#escaped = false;
      } else if (chunk[index] === BACKSLASH) {
        this.#escaped = true;
      } else if (chunk[index] === QUOTE) {
        return index + 1;
      }
    }
    return -1;
  }

  #endOfContainer(chunk: Uint8Array, begin: number): number {
    // Local variables: this loop reads every byte.
    let [inString, escaped, depth] = [this.#inString, this.#escaped, this.#depth];
    let end = -1;
    for (let index = begin; index < chunk.length; index++) {
      const byte = chunk[index];
      if (inString) {
        if (escaped) {
          escaped = false;
        } else if (byte === BACKSLASH) {
          escaped = true;
        } else if (byte === QUOTE) {
          inString = false;
        }
      } else if (byte === QUOTE) {
        inString = true;
      } else if (byte === 0x7b || byte === 0x5b) {
        depth++;
      } else if (byte === 0x7d || byte === 0x5d) {
        depth--;
        if (depth === 0) {
          end = index + 1;
          break;
        }
      }
    }
    [this.#inString, this.#escaped, this.#depth] = [inString, escaped, depth];
    return end;
  }
}

function endOfScalar(chunk: Uint8Array, begin: number): number {
  for (let index = begin; index < chunk.length; index++) {
    const byte = chunk[index] as number;
    if (byte === COMMA || CLOSE.has(byte) || isSpace(byte)) {
      return index;
    }
  }
  return -1;
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const piece of pieces) {
    all.set(piece, offset);
    offset += piece.length;
  }
  return all;
}
