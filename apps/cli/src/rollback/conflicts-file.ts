import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import type { DecidedItem } from "@slipway/release-engine";
import { UserError } from "../user-error.ts";
import { itemJson } from "./item-json.ts";

/**
 * A file with conflicts, a line of JSON for each: `{"key", "why", "before", "bad", "current"}`, each image in DynamoDB's JSON. Items are
 * nobody else's business, so only its owner can read it. It has its name once it is whole.
 */
export class ConflictsFile {
  readonly #path: string;
  #file: number | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Begins, or begins again. @throws UserError when it cannot be written */
  begin(): void {
    this.abandon();
    try {
      this.#file = openSync(this.#partial, "wx", 0o600);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new UserError(`--conflicts: ${this.#path} cannot be written: ${why}.`);
    }
  }

  /** Takes what was decided; only conflicts, and what could not be written, are kept. */
  add({ key, from, to, current, decision }: DecidedItem): void {
    if (this.#file !== undefined && (decision === "conflict" || decision === "unwritable")) {
      const line = {
        key: itemJson(key),
        why: decision === "conflict" ? "changed since" : "more attributes than one condition can compare",
        ...{ before: itemJson(to), bad: itemJson(from), current: itemJson(current) },
      };
      writeSync(this.#file, `${JSON.stringify(line)}\n`);
    }
  }

  finish(): void {
    if (this.#file !== undefined) {
      fsyncSync(this.#file);
      closeSync(this.#file);
      this.#file = undefined;
      renameSync(this.#partial, this.#path);
    }
  }

  /** Takes away what is not whole. */
  abandon(): void {
    if (this.#file !== undefined) {
      closeSync(this.#file);
      this.#file = undefined;
    }
    rmSync(this.#partial, { force: true });
  }

  get #partial(): string {
    return `${this.#path}.partial`;
  }
}
