import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { strToU8, type Zippable, zipSync } from "fflate";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type CodeFolders, openCodeFolders } from "./code-folders.ts";
import { packageOf } from "./runtime-fixture.ts";
import { ZipError } from "./zip-directory.ts";

let root: string;
let folders: CodeFolders;
beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), "code-folders-")), "code");
  folders = openCodeFolders(root);
});
afterEach(() => rmSync(join(root, ".."), { recursive: true, force: true }));

const shaOf = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("base64");
const unpack = (bytes: Uint8Array) => folders.folder(shaOf(bytes), () => bytes);
const UNIX = 3;
const unix = (text: string, mode: number): Zippable[string] => [strToU8(text), { os: UNIX, attrs: (mode << 16) >>> 0 }];

describe("unpacking", () => {
  test("makes a read-only folder with the package's files, modes and links", () => {
    const folder = unpack(
      zipSync({
        "a/b/c.txt": strToU8("deep"),
        "empty/": new Uint8Array(),
        "bin/tool": unix("#!/bin/sh\n", 0o100755),
        "bin/link": unix("../a/b/c.txt", 0o120777),
      }),
    );

    expect(readFileSync(join(folder, "a/b/c.txt"), "utf8")).toBe("deep");
    expect(readFileSync(join(folder, "bin/link"), "utf8")).toBe("deep");
    expect(statSync(join(folder, "empty")).isDirectory()).toBe(true);
    expect(statSync(join(folder, "bin/tool")).mode & 0o777).toBe(0o555);
    expect(statSync(join(folder, "a/b/c.txt")).mode & 0o777).toBe(0o444);
  });

  test("happens once per package, also after a restart", () => {
    const bytes = packageOf({ "index.mjs": "1" });
    const folder = unpack(bytes);
    const never = () => {
      throw new Error("must not be read again");
    };

    expect(folders.folder(shaOf(bytes), never)).toBe(folder);
    expect(openCodeFolders(root).folder(shaOf(bytes), never)).toBe(folder);
  });

  test.each([
    ["a path that climbs", packageOf({ "a/../../evil": "x" })],
    ["an absolute path", packageOf({ "/etc/evil": "x" })],
    ["a link that leads outside", zipSync({ link: unix("../../etc/passwd", 0o120777) })],
    ["an absolute link", zipSync({ link: unix("/etc/passwd", 0o120777) })],
    ["bytes that are no zip", strToU8("nothing")],
    ["a zip that was cut", packageOf({ "index.mjs": "x".repeat(500) }).slice(40)],
  ])("refuses %s, and leaves nothing behind", (_what, bytes) => {
    expect(() => unpack(bytes)).toThrow(ZipError);
    expect(existsSync(root) ? readdirSync(root) : []).toEqual([]);
    expect(existsSync(join(root, "..", "evil"))).toBe(false);
  });

  test("is undone for packages that nobody needs", () => {
    const [kept, dropped] = [packageOf({ a: "1" }), packageOf({ b: "2" })];
    const folder = unpack(kept);
    unpack(dropped);

    folders.keepOnly(new Set([shaOf(kept)]));

    expect(readdirSync(root).map((name) => join(root, name))).toEqual([folder]);
  });
});
