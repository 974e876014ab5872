/** What a client knows about a write that it has asked for: it was told that it is done, that it is not, or nothing that settles it. */
export type Outcome =
  /** 2xx. */
  | "acknowledged"
  /** 404 or 412: it is not done. */
  | "refused"
  /** 503, or no answer. */
  | "unknown";

/** A creation, with all its tries. */
export interface Creation {
  /** What it is told apart by: an attribute of the item, which every change leaves there. Its tries have it as their key, if any. */
  key: string;
  outcome: Outcome;
  /** The id of the item, when a try was answered; the same in all answers, or the history is wrong already. */
  ids: Set<string>;
}

/** A replacement or a patch. */
export interface Change {
  id: string;
  /** That the item is to have before. */
  version: number;
  /** The name that it gives to the item; no other write gives the same. */
  name: string;
  outcome: Outcome;
}

/** A deletion. */
export interface Deletion {
  id: string;
  version: number;
  outcome: Outcome;
}

/** All that clients have asked for, and what is known of it. */
export class History {
  readonly creations: Creation[] = [];
  readonly changes: Change[] = [];
  readonly deletions: Deletion[] = [];
  /** What reads, answers and clients have found to be wrong already. */
  readonly wrong: string[] = [];

  /** The newest version of an item that a client was told of: whoever reads from now on sees it, or a newer one. */
  readonly #told = new Map<string, number>();
  readonly #goneFor = new Set<string>();

  tell(id: string, version: number): void {
    this.#told.set(id, Math.max(version, this.#told.get(id) ?? 0));
  }

  tellGone(id: string): void {
    this.#goneFor.add(id);
  }

  /** What a read that begins now must not fall short of. */
  knownOf(id: string): { version: number; isGone: boolean } {
    return { version: this.#told.get(id) ?? 0, isGone: this.#goneFor.has(id) };
  }
}
