import { randomUUID } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Evidence, evidenceSchema } from "@slipway/contracts";
import type { EvidenceStore } from "../ports/evidence-store.ts";

/** How much of the inputs' digest is in a file's name; all of it is in the evidence. */
const NAME_DIGITS = 16;
/** What is older is of no use to anybody: no check's evidence lives that long. */
const KEPT_MS = 7 * 86_400_000;

/**
 * Evidence in a folder: a file for each check and each state of what it depends on. A file is written beside its place and renamed, so
 * that nobody ever reads half of one; two that are written at once are of the same inputs, and either will do.
 */
export class FileEvidenceStore implements EvidenceStore {
  readonly #folder: string;

  /** @param folder absolute path; it is made when something is kept */
  constructor(folder: string) {
    this.#folder = folder;
  }

  async read(check: string, inputs: string): Promise<readonly Evidence[] | undefined> {
    try {
      const parsed: unknown = JSON.parse(await readFile(this.#file(check, inputs), "utf8"));
      const evidence = evidenceSchema.array().min(1).safeParse(parsed);
      const isAbout = (each: Evidence) => each.check === check && each.inputs === inputs;
      return evidence.success && evidence.data.every(isAbout) ? evidence.data : undefined;
    } catch {
      // Not there, not readable, not whole: then it is looked at anew.
      return undefined;
    }
  }

  async write(check: string, inputs: string, evidence: readonly Evidence[]): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    const file = this.#file(check, inputs);
    const beside = `${file}.${randomUUID()}.new`;
    try {
      await writeFile(beside, `${JSON.stringify(evidence, undefined, 2)}\n`, { mode: 0o600, flush: true });
      await rename(beside, file);
    } finally {
      await rm(beside, { force: true });
    }
    await this.#forgetOld();
  }

  #file(check: string, inputs: string): string {
    return join(this.#folder, `${check}-${inputs.slice(0, NAME_DIGITS)}.json`);
  }

  /** Also what was left by processes that were killed while they wrote. */
  async #forgetOld(): Promise<void> {
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      const age = await stat(path).then(
        ({ mtimeMs }) => Date.now() - mtimeMs,
        () => 0,
      );
      if (age > KEPT_MS) {
        await rm(path, { force: true });
      }
    }
  }
}
