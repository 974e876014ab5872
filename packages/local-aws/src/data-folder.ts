import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AwsError } from "./core/aws-error.ts";
import { LocalAwsError } from "./local-aws-error.ts";
import { StoreError } from "./store/store-error.ts";
import { tryLock } from "./store/try-lock.ts";

/** The process that has a data folder open. */
export interface Instance {
  readonly pid: number;
  readonly port: number;
  readonly region: string;
  readonly startedAt: string;
  readonly version: string;
}

/** A kept copy of the whole state. */
export interface Snapshot {
  readonly name: string;
  /** ISO time. */
  readonly createdAt: string;
}

const SNAPSHOT_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * A data folder of local AWS: `state/` (the store), `snapshots/NAME/`, `lock.sqlite` (held by the process that has it open),
 * `instance.json` (what that process says of itself), and logs.
 *
 * Every change of `state/` as a whole is one rename, so that a kill in the middle leaves the old state or the new one. The old
 * one is kept until the new one has been opened:
 *
 *     reset, restoreSnapshot ----> settle (the new state works)
 *                             \--> undo   (it does not)
 */
export class DataFolder {
  readonly path: string;
  #unlock: (() => void) | undefined;

  /** @throws StoreError when the folder cannot be written */
  constructor(path: string) {
    this.path = path;
    try {
      mkdirSync(join(path, "snapshots"), { recursive: true });
      // Named after the process: of two that look at once, neither may take the other's away.
      const test = join(path, `.write-test-${process.pid}`);
      writeFileSync(test, "");
      rmSync(test, { force: true });
    } catch (cause) {
      throw notWritable(path, cause);
    }
  }

  get state(): string {
    return join(this.path, "state");
  }

  get requestLog(): string {
    return join(this.path, "requests.log");
  }

  /**
   * Takes the folder for this process, until `release` or the process's end, and finishes what a killed one left half done.
   *
   * @throws LocalAwsError when another local AWS has it
   * @throws StoreError when the folder cannot be written
   */
  lock(): void {
    try {
      this.#unlock = tryLock(join(this.path, "lock.sqlite"));
    } catch (cause) {
      throw notWritable(this.path, cause);
    }
    if (this.#unlock === undefined) {
      throw inUse(this.path);
    }
    try {
      rmSync(this.#instanceFile, { force: true });
      this.#finishInterrupted();
    } catch (cause) {
      this.release();
      throw notWritable(this.path, cause);
    }
  }

  /** Tells others who has the folder. It must be locked. */
  announce(instance: Instance): void {
    const file = this.#instanceFile;
    writeFileSync(`${file}.partial`, `${JSON.stringify(instance, undefined, 2)}\n`);
    renameSync(`${file}.partial`, file);
  }

  release(): void {
    if (this.#unlock !== undefined) {
      rmSync(this.#instanceFile, { force: true });
      this.#unlock();
      this.#unlock = undefined;
    }
  }

  get #instanceFile(): string {
    return join(this.path, "instance.json");
  }

  /** Puts the state aside. The store must be closed. */
  reset(): void {
    if (existsSync(this.state)) {
      this.settle();
      renameSync(this.state, this.#discarded);
    }
  }

  /** Throws away what `reset` or `restoreSnapshot` has put aside. */
  settle(): void {
    rmSync(this.#discarded, { recursive: true, force: true });
  }

  /** Brings back what `reset` or `restoreSnapshot` has put aside. The store must be closed. */
  undo(): void {
    if (existsSync(this.#discarded)) {
      const failed = join(this.path, "state.failed");
      rmSync(failed, { recursive: true, force: true });
      if (existsSync(this.state)) {
        renameSync(this.state, failed);
      }
      renameSync(this.#discarded, this.state);
      rmSync(failed, { recursive: true, force: true });
    }
  }

  get #discarded(): string {
    return join(this.path, "state.discarded");
  }

  snapshots(): Snapshot[] {
    return readdirSync(join(this.path, "snapshots"))
      .filter((name) => SNAPSHOT_NAME.test(name) && existsSync(join(this.path, "snapshots", name, "created-at")))
      .sort()
      .map((name) => ({
        name,
        createdAt: readFileSync(join(this.path, "snapshots", name, "created-at"), "utf8").trim(),
      }));
  }

  /**
   * Copies the state. The store must be closed.
   *
   * @throws AwsError `InvalidSnapshotName`, `SnapshotExists`
   */
  saveSnapshot(name: string): Snapshot {
    const target = this.#snapshotPath(name);
    if (existsSync(target)) {
      throw new AwsError(
        "SnapshotExists",
        `There is already a snapshot '${name}'. Choose another name, or delete it with \`slipway local snapshot delete ${name}\`.`,
        { status: 409 },
      );
    }
    const partial = join(this.path, "snapshots", `.${name}.partial`);
    rmSync(partial, { recursive: true, force: true });
    mkdirSync(partial);
    copyFolder(this.state, join(partial, "state"));
    const createdAt = new Date().toISOString();
    writeFileSync(join(partial, "created-at"), `${createdAt}\n`);
    renameSync(partial, target);
    return { name, createdAt };
  }

  /**
   * Puts a snapshot's state in the place of today's. The store must be closed.
   *
   * @throws AwsError `NoSuchSnapshot`
   */
  restoreSnapshot(name: string): void {
    const source = join(this.#existingSnapshot(name), "state");
    const incoming = join(this.path, "state.restoring");
    const copying = join(this.path, "state.copying");
    rmSync(copying, { recursive: true, force: true });
    copyFolder(source, copying);
    renameSync(copying, incoming);
    this.reset();
    renameSync(incoming, this.state);
  }

  /** @throws AwsError `NoSuchSnapshot` */
  deleteSnapshot(name: string): void {
    const path = this.#existingSnapshot(name);
    // One rename first: half a snapshot must never be taken for a whole one.
    const leaving = join(this.path, "snapshots", `.${name}.leaving`);
    rmSync(leaving, { recursive: true, force: true });
    renameSync(path, leaving);
    rmSync(leaving, { recursive: true, force: true });
  }

  #existingSnapshot(name: string): string {
    const path = this.#snapshotPath(name);
    if (!existsSync(path)) {
      const names = this.snapshots().map((snapshot) => snapshot.name);
      throw new AwsError(
        "NoSuchSnapshot",
        `There is no snapshot '${name}'. ${names.length === 0 ? "None has been taken yet." : `There are: ${names.join(", ")}.`}`,
        { status: 404 },
      );
    }
    return path;
  }

  #snapshotPath(name: string): string {
    if (!SNAPSHOT_NAME.test(name)) {
      throw new AwsError(
        "InvalidSnapshotName",
        `'${name}' cannot name a snapshot: use 1 to 64 letters, digits, dots, dashes or underscores, and start with a letter or a digit.`,
        { status: 400 },
      );
    }
    return join(this.path, "snapshots", name);
  }

  /** A restore that was killed after its copy was complete is finished; anything less is cleared away. */
  #finishInterrupted(): void {
    const incoming = join(this.path, "state.restoring");
    if (existsSync(incoming)) {
      this.reset();
      renameSync(incoming, this.state);
    } else if (existsSync(join(this.path, "state.failed")) && !existsSync(this.state)) {
      // Killed in the middle of `undo`.
      renameSync(this.#discarded, this.state);
    }
    for (const leftover of ["state.copying", "state.discarded", "state.failed"]) {
      rmSync(join(this.path, leftover), { recursive: true, force: true });
    }
    const snapshots = join(this.path, "snapshots");
    for (const name of readdirSync(snapshots).filter((entry) => /^\..*\.(partial|leaving)$/.test(entry))) {
      rmSync(join(snapshots, name), { recursive: true, force: true });
    }
  }
}

/** Symbolic links stay as they are: made absolute, those of a copy would lead into the original. */
function copyFolder(from: string, to: string): void {
  cpSync(from, to, { recursive: true, verbatimSymlinks: true });
}

function notWritable(path: string, cause: unknown): StoreError {
  return new StoreError(
    `Local AWS cannot write to its data folder ${path} (${(cause as NodeJS.ErrnoException).code ?? String(cause)}). Make it writable, or give another with --data-dir DIR.`,
    { cause },
  );
}

function inUse(path: string): LocalAwsError {
  const holder = readInstance(path);
  return new LocalAwsError(
    holder === undefined
      ? `The data folder ${path} is in use by another local AWS that is just starting or stopping. Try again in a moment, or start this one with another --data-dir DIR.`
      : `The data folder ${path} is in use by the local AWS on port ${holder.port} (process ${holder.pid}). Stop it with \`slipway local stop --port ${holder.port}\`, or start this one with another --data-dir DIR.`,
  );
}

/**
 * Throws the state in a data folder away that no local AWS has open; snapshots stay.
 *
 * @returns false when there was no state
 * @throws LocalAwsError when a local AWS has it open, or the folder is something else
 * @throws StoreError when the folder cannot be written
 */
export function resetDataFolder(path: string): boolean {
  const state = join(path, "state");
  if (!existsSync(state)) {
    return false;
  }
  const entries = readdirSync(state);
  if (entries.length > 0 && !entries.includes("format") && !entries.includes("records.sqlite")) {
    throw new LocalAwsError(
      `${path} is no data folder of local AWS: its folder state/ holds something else, and was left alone. Check --data-dir.`,
    );
  }
  const folder = new DataFolder(path);
  folder.lock();
  try {
    folder.reset();
    folder.settle();
  } finally {
    folder.release();
  }
  return true;
}

/** What the process that has a data folder open says of itself; `undefined` when nobody has, or the file cannot be read. */
function readInstance(path: string): Instance | undefined {
  try {
    return JSON.parse(readFileSync(join(path, "instance.json"), "utf8")) as Instance;
  } catch {
    return undefined;
  }
}

/** True when a process with that id exists. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
