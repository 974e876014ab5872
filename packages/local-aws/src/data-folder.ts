import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AwsError } from "./core/aws-error.ts";
import { StoreError } from "./store/store.ts";

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
 * A data folder of local AWS: `state/` (the store), `snapshots/NAME/`, `instance.json` (who has it open), and logs.
 * Every change of `state/` as a whole is one rename, so that a kill in the middle leaves the old state or the new one.
 */
export class DataFolder {
  readonly path: string;

  /** @throws StoreError when the folder cannot be written */
  constructor(path: string) {
    this.path = path;
    try {
      mkdirSync(join(path, "snapshots"), { recursive: true });
      writeFileSync(join(path, ".write-test"), "");
      rmSync(join(path, ".write-test"));
    } catch (cause) {
      throw new StoreError(
        `Local AWS cannot write to its data folder ${path} (${(cause as NodeJS.ErrnoException).code ?? String(cause)}). Make it writable, or give another with --data-dir DIR.`,
        { cause },
      );
    }
    this.#finishInterrupted();
  }

  get state(): string {
    return join(this.path, "state");
  }

  get requestLog(): string {
    return join(this.path, "requests.log");
  }

  /** The process that has the folder open, if one lives. */
  holder(): Instance | undefined {
    const instance = readInstance(this.path);
    return instance !== undefined && instance.pid !== process.pid && isAlive(instance.pid) ? instance : undefined;
  }

  claim(instance: Instance): void {
    const file = join(this.path, "instance.json");
    writeFileSync(`${file}.partial`, `${JSON.stringify(instance, undefined, 2)}\n`);
    renameSync(`${file}.partial`, file);
  }

  release(): void {
    if (readInstance(this.path)?.pid === process.pid) {
      rmSync(join(this.path, "instance.json"), { force: true });
    }
  }

  /** Throws the state away. The store must be closed. */
  reset(): void {
    if (existsSync(this.state)) {
      const discarded = join(this.path, "state.discarded");
      rmSync(discarded, { recursive: true, force: true });
      renameSync(this.state, discarded);
      rmSync(discarded, { recursive: true, force: true });
    }
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
    cpSync(this.state, join(partial, "state"), { recursive: true });
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
    cpSync(source, copying, { recursive: true });
    renameSync(copying, incoming);
    this.reset();
    renameSync(incoming, this.state);
  }

  /** @throws AwsError `NoSuchSnapshot` */
  deleteSnapshot(name: string): void {
    rmSync(this.#existingSnapshot(name), { recursive: true, force: true });
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
    }
    for (const leftover of ["state.copying", "state.discarded"]) {
      rmSync(join(this.path, leftover), { recursive: true, force: true });
    }
  }
}

/** Who has (or last had) a data folder open; `undefined` when nobody, or when the file cannot be read. */
export function readInstance(path: string): Instance | undefined {
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
