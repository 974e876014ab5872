import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DataFolder } from "./data-folder.ts";
import { LocalAwsError } from "./local-aws-error.ts";
import { StoreError } from "./store/store-error.ts";

let path: string;

beforeEach(() => {
  path = mkdtempSync(join(tmpdir(), "data-folder-"));
});

afterEach(() => {
  rmSync(path, { recursive: true, force: true });
});

function write(content: string): void {
  mkdirSync(join(path, "state"), { recursive: true });
  writeFileSync(join(path, "state", "file"), content);
}

function read(): string {
  return readFileSync(join(path, "state", "file"), "utf8");
}

describe("DataFolder", () => {
  it("saves and restores the state as a whole", () => {
    const folder = new DataFolder(path);
    write("then");
    folder.saveSnapshot("before");
    write("now");
    writeFileSync(join(path, "state", "newer"), "");
    folder.restoreSnapshot("before");
    expect(read()).toBe("then");
    expect(existsSync(join(path, "state", "newer"))).toBe(false);
    expect(folder.snapshots().map(({ name }) => name)).toEqual(["before"]);
    folder.reset();
    expect(existsSync(folder.state)).toBe(false);
    folder.deleteSnapshot("before");
    expect(folder.snapshots()).toEqual([]);
  });

  it.each(["../evil", "", ".hidden", "a/b", "x".repeat(65)])("refuses %j as a snapshot's name", (name) => {
    const folder = new DataFolder(path);
    write("x");
    expect(() => folder.saveSnapshot(name)).toThrow(/cannot name a snapshot/);
    expect(() => folder.restoreSnapshot(name)).toThrow(/cannot name a snapshot/);
  });

  it("refuses a name that is taken, and one that is not there", () => {
    const folder = new DataFolder(path);
    write("x");
    folder.saveSnapshot("a");
    expect(() => folder.saveSnapshot("a")).toThrow(/already a snapshot 'a'/);
    expect(() => folder.restoreSnapshot("b")).toThrow(/There are: a\./);
  });

  it("finishes a restore that was killed after its copy, and clears one that was killed before", () => {
    new DataFolder(path);
    write("old");
    // Killed between the copy's last rename and the exchange.
    mkdirSync(join(path, "state.restoring"));
    writeFileSync(join(path, "state.restoring", "file"), "restored");
    new DataFolder(path);
    expect(read()).toBe("restored");
    // Killed in the middle of copying: the state that was stays.
    mkdirSync(join(path, "state.copying"));
    new DataFolder(path);
    expect(read()).toBe("restored");
    expect(existsSync(join(path, "state.copying"))).toBe(false);
  });

  it("knows a living holder from a dead one", () => {
    const folder = new DataFolder(path);
    const instance = { port: 1, region: "us-east-1", startedAt: "", version: "0" };
    folder.claim({ ...instance, pid: 1 });
    expect(folder.holder()?.pid).toBe(1);
    folder.claim({ ...instance, pid: 2 ** 22 + 1 });
    expect(folder.holder()).toBeUndefined();
  });

  it("refuses a folder that cannot be written", () => {
    writeFileSync(join(path, "file"), "");
    expect(() => new DataFolder(join(path, "file", "inside"))).toThrow(StoreError);
    expect(() => new DataFolder(join(path, "file", "inside"))).toThrow(/--data-dir DIR/);
  });
});
