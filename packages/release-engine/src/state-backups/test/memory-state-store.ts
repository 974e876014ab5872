import type { StateLock } from "../../ports/release-terraform.ts";
import type { StateBackupStore, StateSlot, StateVersions, StoredState } from "../../ports/state-store.ts";
import { ReleaseError } from "../../release-error.ts";

/** A state with resources of these addresses, `ADDRESS` or `ADDRESS=ID`. */
export function stateText(serial: number, resources: readonly string[], lineage = "lineage-1"): string {
  return JSON.stringify({ version: 4, serial, lineage, outputs: {}, resources });
}

/** A state's bucket in memory. What begins with `{` is a whole state, all other texts are none. */
export class MemoryStateStore implements StateVersions, StateBackupStore, StateSlot {
  readonly location = "s3://states/prod/terraform.tfstate";
  readonly copies = new Map<string, string>();
  locked: StateLock | undefined;
  /** Awaited around the one write that restores; what it throws, the caller gets: after the write, an answer that was lost. */
  step: (when: "before" | "after") => void = () => {};
  /** Oldest first; undefined is the mark of a deletion. */
  readonly #texts: (string | undefined)[] = [];

  put(text: string | undefined): string {
    this.#texts.push(text);
    return `v${this.#texts.length}`;
  }

  async present() {
    const text = this.#texts.at(-1);
    return text === undefined ? undefined : { ...read(text), tag: String(this.#texts.length) };
  }

  async versions() {
    return this.#texts
      .map((text, index) => ({
        ...{ id: `v${index + 1}`, at: index * 1_000, bytes: text?.length ?? 0, isDeletion: text === undefined },
        isPresent: index === this.#texts.length - 1,
      }))
      .toReversed();
  }

  async readVersion(id: string) {
    const text = this.#texts[Number(id.slice(1)) - 1];
    return text === undefined ? undefined : read(text);
  }

  async backups() {
    return [...this.copies].map(([name, text]) => ({ name, at: 0, bytes: text.length }));
  }

  async readBackup(name: string) {
    const text = this.copies.get(name);
    return text === undefined ? undefined : read(text);
  }

  async writeBackup(name: string, text: string) {
    if (this.copies.has(name)) {
      return "there";
    }
    this.copies.set(name, text);
    return "written";
  }

  async lock() {
    return this.locked;
  }

  async replace(text: string, seen: string | undefined) {
    this.step("before");
    if ((await this.present())?.tag !== seen) {
      throw new ReleaseError({
        kind: "conflict",
        what: "It is not what it was",
        why: "somebody wrote it",
        next: "look",
      });
    }
    const versionId = this.put(text);
    this.step("after");
    return { versionId };
  }
}

function read(text: string): StoredState {
  if (!text.startsWith("{")) {
    return { text, state: undefined, problem: "it is no JSON document" };
  }
  const { serial, lineage, resources } = JSON.parse(text) as { serial: number; lineage: string; resources: string[] };
  const instances = resources.map((each) => {
    const [address = "", id = address] = each.split("=");
    return { address, id, type: "t", name: "n", attributes: {} };
  });
  return { text, state: { serial, lineage, resources: instances, outputs: {} } };
}
