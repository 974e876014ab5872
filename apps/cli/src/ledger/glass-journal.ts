import { createHash } from "node:crypto";
import {
  appendFileSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  truncateSync,
} from "node:fs";
import { join } from "node:path";
import { type Actor, type GlassBody, type GlassEntry, glassEntrySchema } from "@slipway/contracts";
import { canonicalJson, createRedactor, NO_HASH, type Redactor, ReleaseError } from "@slipway/release-engine";
import { withLockFile } from "./with-lock-file.ts";

/** A journal as it was read. */
export interface ReadJournal {
  readonly entries: readonly GlassEntry[];
  /** SHA-256 of its bytes, in hexadecimal. */
  readonly sha256: string;
  /** Whether a signature stands at its end, and so over all of it. Whose it is, and whether it holds, `checkJournal` says. */
  readonly signed: boolean;
}

/** Longer than it takes until a lock is known to be a dead process's. */
const LOCK_WAIT_MS = 8_000;

/** What `ssh-keygen -Y sign` writes. */
const ARMOR = /^-----BEGIN SSH SIGNATURE-----\n[A-Za-z0-9+/=\n]+-----END SSH SIGNATURE-----\s*$/;

/**
 * What was done to an environment while its ledger could not be reached: one line each, written and on the disk before the next thing is
 * done, each with the hash of the one before. It stays until `slipway ledger reconcile` has brought it into the ledger.
 */
export class GlassJournal {
  readonly path: string;
  readonly #folder: string;
  readonly #environment: string;

  readonly #redactor: Pick<Redactor, "text">;

  /**
   * @param folder where the copy of the ledger lies, too
   * @param redactor takes secrets out of what is written; who only reads needs none
   */
  constructor(folder: string, environment: string, redactor: Pick<Redactor, "text"> = createRedactor()) {
    this.#redactor = redactor;
    this.#folder = folder;
    this.#environment = environment;
    this.path = join(folder, `${environment}.break-glass.jsonl`);
  }

  get isThere(): boolean {
    return existsSync(this.path);
  }

  /** @throws {ReleaseError} when what is there was changed */
  append(by: Actor, body: GlassBody): GlassEntry {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    // Two processes must not write lines of the same number.
    return withLockFile(`${this.path}.lock`, LOCK_WAIT_MS, () => this.#append(by, body));
  }

  #append(by: Actor, body: GlassBody): GlassEntry {
    const last = this.read()?.entries.at(-1);
    const rest = {
      ...{ version: 1 as const, environment: this.#environment, sequence: (last?.sequence ?? 0) + 1 },
      ...{ at: new Date().toISOString(), by, body: this.#redacted(body), previous: last?.hash ?? NO_HASH },
    };
    const entry = glassEntrySchema.parse({ ...rest, hash: hashOf(rest) });
    this.#dropBrokenLine();
    const file = openSync(this.path, "a", 0o600);
    try {
      appendFileSync(file, `${JSON.stringify(entry)}\n`);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    return entry;
  }

  /**
   * @returns undefined where there is none
   * @throws {ReleaseError} when it is not what was written; a last line that was broken off by a kill is none
   */
  read(): ReadJournal | undefined {
    if (!this.isThere) {
      return undefined;
    }
    const bytes = readFileSync(this.path);
    const lines = bytes.toString("utf8").split("\n").slice(0, -1);
    const entries: GlassEntry[] = [];
    let previous = NO_HASH;
    for (const [index, line] of lines.entries()) {
      const parsed = glassEntrySchema.safeParse(jsonOf(line));
      const { hash, ...rest } = parsed.data ?? { hash: "" };
      if (parsed.data === undefined || hash !== hashOf(rest) || parsed.data.previous !== previous) {
        throw new ReleaseError({
          kind: "failed",
          what: `The journal ${this.path} is not what was written`,
          why: `line ${index + 1} was changed, or one before it is missing`,
          next: "find out who changed it; what was done to the traffic, AWS's CloudTrail has, too (lambda:UpdateAlias)",
        });
      }
      entries.push(parsed.data);
      previous = hash;
    }
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const end = entries.at(-1)?.body;
    return { entries, sha256, signed: end?.type === "signed" && ARMOR.test(end.signature) };
  }

  /** Texts of people and of AWS; names, versions, hashes and signatures have to stay as they are. */
  #redacted(body: GlassBody): GlassBody {
    const text = (value: string) => this.#redactor.text(value);
    switch (body.type) {
      case "glass.broken":
        return { ...body, reason: text(body.reason), why: text(body.why) };
      case "alias.not-moved":
        return { ...body, why: text(body.why) };
      case "verified":
        return { ...body, findings: body.findings.map(text) };
      default:
        return body;
    }
  }

  /** Whoever was killed while writing has done nothing after it. */
  #dropBrokenLine(): void {
    const bytes = this.isThere ? readFileSync(this.path) : Buffer.alloc(0);
    const end = bytes.lastIndexOf("\n") + 1;
    if (end < bytes.length) {
      truncateSync(this.path, end);
    }
  }

  /** It is in the ledger: from now on it is only kept. */
  archive(sequence: number): string {
    const kept = join(this.#folder, `${this.#environment}.break-glass.reconciled-${sequence}.jsonl`);
    renameSync(this.path, kept);
    return kept;
  }
}

function hashOf(rest: Omit<GlassEntry, "hash"> | object): string {
  return createHash("sha256").update(canonicalJson(rest)).digest("hex");
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
