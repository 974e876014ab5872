import { createHash } from "node:crypto";
import type { TableSettings } from "../ports/table-restore.ts";

/** A function with its versions, as far as a release changes them. */
export interface FakeFunction {
  latest: string;
  /** Code by version: the first one is 1. */
  readonly versions: string[];
  /** What each of them was published under. */
  readonly configurations: string[];
  alias: { version: number; weights: Readonly<Record<string, number>> };
}

/** A table, as far as a restore changes it. */
export interface FakeTable {
  items: number;
  settings: TableSettings;
  revision: number;
}

/** What a release changes, in memory: Terraform's state, a bucket, functions with an alias each. */
export class FakeWorld {
  state = { serial: 1, applied: "" };
  /** What functions are configured as, from the last apply on. */
  configuration = "placeholder";
  readonly bucket = new Set<string>();
  functions: Readonly<Record<string, FakeFunction>>;
  /** By name. */
  tables: Record<string, FakeTable> = {};
  /** Which table Terraform has, by address. */
  adopted: Record<string, string> = {};
  /** Names of the copies of the state, with the tables that they have. */
  copies: Record<string, Record<string, string>> = {};
  /** Which table people find in the environment's folder. */
  inUse: string | null = null;
  /** Every change, in its order. */
  readonly changes: string[] = [];
  /** Awaited before a change is made, and after; what it throws, who made the change gets: after it, an answer that was lost. */
  step: (change: string, when: "before" | "after") => Promise<void> = async () => {};

  constructor(names: readonly string[]) {
    const placeholder = sha256("what Terraform put there");
    this.functions = Object.fromEntries(
      names.map((name) => [
        name,
        {
          latest: placeholder,
          versions: [placeholder],
          configurations: ["placeholder"],
          alias: { version: 1, weights: {} },
        },
      ]),
    );
  }

  /** Takes over everything of another one. */
  become({ state, bucket, functions, changes, tables, adopted, copies, inUse, configuration }: FakeWorld): void {
    this.configuration = configuration;
    this.state = { ...state };
    this.tables = structuredClone(tables);
    this.adopted = { ...adopted };
    this.copies = structuredClone(copies);
    this.inUse = inUse;
    this.functions = structuredClone(functions);
    for (const key of bucket) this.bucket.add(key);
    this.changes.push(...changes);
  }

  function(name: string): FakeFunction {
    const found = this.functions[name];
    if (found === undefined) throw new Error(`there is no function ${name}`);
    return found;
  }

  applyPlan(digest: string, configuration: string): Promise<void> {
    return this.#change("apply", () => {
      this.configuration = configuration;
      this.state = { serial: this.state.serial + 1, applied: digest };
    });
  }

  upload(key: string): Promise<void> {
    return this.#change(`upload ${key.slice(0, 8)}`, () => this.bucket.add(key));
  }

  updateCode(name: string, sha256: string): Promise<void> {
    return this.#change(`update ${name}`, () => {
      this.function(name).latest = sha256;
    });
  }

  publish(name: string): Promise<void> {
    return this.#change(`publish ${name}`, () => {
      const { versions, configurations, latest } = this.function(name);
      versions.push(latest);
      configurations.push(this.configuration);
    });
  }

  setAlias(name: string, version: number, weights: Readonly<Record<string, number>> = {}): Promise<void> {
    return this.#change(`alias ${name} ${version} ${JSON.stringify(weights)}`, () => {
      this.function(name).alias = { version, weights };
    });
  }

  /** Any other change. */
  change(what: string, change: () => void): Promise<void> {
    return this.#change(what, change);
  }

  async #change(what: string, change: () => void): Promise<void> {
    await this.step(what, "before");
    change();
    this.changes.push(what);
    await this.step(what, "after");
  }
}

/** 64 hexadecimal digits. */
export function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
