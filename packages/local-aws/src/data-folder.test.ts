import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DataFolder, resetDataFolder } from "./data-folder.ts";
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

  it("brings back what a restore put aside, unless it is settled", () => {
    const folder = new DataFolder(path);
    write("then");
    folder.saveSnapshot("before");
    write("now");
    folder.restoreSnapshot("before");
    folder.undo();
    expect(read()).toBe("now");
    folder.restoreSnapshot("before");
    folder.settle();
    folder.undo();
    expect(read()).toBe("then");
  });

  it("keeps relative links as they are in a snapshot", () => {
    const folder = new DataFolder(path);
    write("x");
    symlinkSync("file", join(path, "state", "link"));
    folder.saveSnapshot("a");
    expect(readlinkSync(join(path, "snapshots", "a", "state", "link"))).toBe("file");
  });

  it("finishes a restore that was killed after its copy, and clears one that was killed before", () => {
    const open = (): void => {
      const folder = new DataFolder(path);
      folder.lock();
      folder.release();
    };
    open();
    write("old");
    // Killed between the copy's last rename and the exchange.
    mkdirSync(join(path, "state.restoring"));
    writeFileSync(join(path, "state.restoring", "file"), "restored");
    open();
    expect(read()).toBe("restored");
    // Killed in the middle of copying: the state that was stays.
    mkdirSync(join(path, "state.copying"));
    mkdirSync(join(path, "snapshots", ".a.partial"));
    open();
    expect(read()).toBe("restored");
    expect(existsSync(join(path, "state.copying"))).toBe(false);
    expect(existsSync(join(path, "snapshots", ".a.partial"))).toBe(false);
    // Killed in the middle of an undo.
    renameSync(join(path, "state"), join(path, "state.discarded"));
    mkdirSync(join(path, "state.failed"));
    open();
    expect(read()).toBe("restored");
  });

  it("has one holder, and leaves what that one is doing alone", () => {
    const holder = new DataFolder(path);
    holder.lock();
    mkdirSync(join(path, "state.copying"));
    const other = new DataFolder(path);
    expect(() => other.lock()).toThrow(/just starting or stopping/);
    holder.announce({ pid: 7, port: 4700, region: "us-east-1", startedAt: "", version: "0" });
    expect(() => other.lock()).toThrow(LocalAwsError);
    expect(() => other.lock()).toThrow(/in use by the local AWS on port 4700 \(process 7\)/);
    other.release();
    expect(existsSync(join(path, "state.copying"))).toBe(true);
    holder.release();
    other.lock();
    other.release();
  });

  it("is not fooled by what a killed process left behind, even when somebody has its process id now", () => {
    const left = { pid: process.ppid, port: 4700, region: "us-east-1", startedAt: "", version: "0" };
    writeFileSync(join(path, "instance.json"), JSON.stringify(left));
    const folder = new DataFolder(path);
    folder.lock();
    folder.release();
  });

  it("refuses a folder that cannot be written", () => {
    writeFileSync(join(path, "file"), "");
    expect(() => new DataFolder(join(path, "file", "inside"))).toThrow(StoreError);
    expect(() => new DataFolder(join(path, "file", "inside"))).toThrow(/--data-dir DIR/);
  });
});

describe("resetDataFolder", () => {
  it("throws the state away, and keeps the snapshots", () => {
    const folder = new DataFolder(path);
    write("x");
    writeFileSync(join(path, "state", "format"), "1\n");
    folder.saveSnapshot("a");
    expect(resetDataFolder(path)).toBe(true);
    expect(readdirSync(path).sort()).toEqual(["lock.sqlite", "snapshots"]);
    expect(folder.snapshots()).toHaveLength(1);
    expect(resetDataFolder(path)).toBe(false);
  });

  it("leaves a folder alone that is open, or is something else", () => {
    write("somebody's work");
    expect(() => resetDataFolder(path)).toThrow(/is no data folder of local AWS/);
    expect(readdirSync(path)).toEqual(["state"]);
    writeFileSync(join(path, "state", "format"), "1\n");
    const folder = new DataFolder(path);
    folder.lock();
    expect(() => resetDataFolder(path)).toThrow(/in use/);
    folder.release();
    expect(read()).toBe("somebody's work");
    expect(resetDataFolder(join(path, "nowhere"))).toBe(false);
  });
});
