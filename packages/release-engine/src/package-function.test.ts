import { createHash } from "node:crypto";
import {
  chmodSync,
  mkdirSync,
  openSync,
  renameSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@slipway/testing";
import { strFromU8, unzipSync } from "fflate";
import { afterEach, describe, expect, it } from "vitest";
import { packageFunction } from "./package-function.ts";

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) {
    delete process.env.TZ;
  } else {
    process.env.TZ = zone;
  }
});

function write(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

describe("packageFunction", () => {
  it("packs every file below the folder under its path, and names the result by its digest", async () => {
    using folder = temporaryFolder();
    write(folder.path, {
      "index.cjs": "exports.handler = 1;",
      "lib/deep/a.txt": "a",
      "index.cjs.map": "{}",
      "ü.txt": "u",
    });

    const artifact = await packageFunction(folder.path);

    const unzipped = Object.entries(unzipSync(artifact.bytes)).map(([path, bytes]) => [path, strFromU8(bytes)]);
    expect(unzipped).toEqual([
      ["index.cjs", "exports.handler = 1;"],
      ["index.cjs.map", "{}"],
      ["lib/deep/a.txt", "a"],
      ["ü.txt", "u"],
    ]);
    expect(artifact.files).toEqual([
      { path: "index.cjs", size: 20 },
      { path: "index.cjs.map", size: 2 },
      { path: "lib/deep/a.txt", size: 1 },
      { path: "ü.txt", size: 1 },
    ]);
    const digest = createHash("sha256").update(artifact.bytes);
    expect(artifact.sha256).toBe(digest.copy().digest("hex"));
    expect(artifact.sha256Base64).toBe(digest.digest("base64"));
  });

  it("gives the same bytes in another folder, order, mode, time and time zone", async () => {
    using one = temporaryFolder();
    using two = temporaryFolder();
    write(one.path, { "b.js": "b".repeat(10_000), "a/x.js": "x", "a.js": "a" });
    write(two.path, { "a.js": "a", "z.js": "b".repeat(10_000), "a/x.js": "x" });
    renameSync(join(two.path, "z.js"), join(two.path, "b.js"));
    chmodSync(join(two.path, "a.js"), 0o755);
    utimesSync(join(two.path, "a.js"), 1_000, 2_000);

    const first = await packageFunction(one.path);
    const digests = [];
    for (const other of ["UTC", "Pacific/Kiritimati", "America/St_Johns", "Africa/Monrovia"]) {
      process.env.TZ = other;
      digests.push((await packageFunction(two.path)).sha256);
    }

    expect(digests).toEqual(Array(4).fill(first.sha256));
  });

  it("gives the bytes that it always gave: a change of the packer must be meant", async () => {
    using folder = temporaryFolder();
    write(folder.path, { "index.cjs": "exports.handler = async () => ({ statusCode: 200 });\n" });

    const { sha256, bytes } = await packageFunction(folder.path);

    // Made by a file of mode 0644 and the DOS time 1980-01-01 00:00:00, without extra fields.
    const central = Buffer.from(bytes).subarray(Buffer.from(bytes).indexOf("PK\u0001\u0002"));
    expect(central.readUInt32LE(12)).toBe(0x0021_0000);
    expect(central.readUInt16LE(30)).toBe(0);
    expect(central.readUInt32LE(38) >>> 16).toBe(0o100644);
    expect(sha256).toMatchInlineSnapshot(`"bebfb95fb03a8cbc1cac81c289311d538109a0fabbfef8210e7ed713e1fcbbef"`);
  });

  it("follows links that stay inside, and refuses all others", async () => {
    using folder = temporaryFolder();
    write(folder.path, { "real/a.txt": "a" });
    symlinkSync("real/a.txt", join(folder.path, "file.txt"));
    symlinkSync("real", join(folder.path, "again"));
    expect((await packageFunction(folder.path)).files.map(({ path }) => path)).toEqual([
      "again/a.txt",
      "file.txt",
      "real/a.txt",
    ]);

    symlinkSync("..", join(folder.path, "real/up"));
    await expect(packageFunction(folder.path)).rejects.toThrow(
      /up cannot be packaged.*\n.*a link to a folder that it is in/,
    );
  });

  it.each([
    ["outside", "/etc/hostname", /outside cannot be packaged.*\n.*outside of the folder/],
    ["nothing", "missing.txt", /nothing cannot be packaged.*\n.*a link to nothing/],
  ])("refuses a link that leads %s", async (name, target, message) => {
    using folder = temporaryFolder();
    write(folder.path, { "index.cjs": "1" });
    symlinkSync(target, join(folder.path, name));

    await expect(packageFunction(folder.path)).rejects.toThrow(message);
  });

  it("refuses a folder that is missing or has no files", async () => {
    using folder = temporaryFolder();
    mkdirSync(join(folder.path, "empty/below"), { recursive: true });

    await expect(packageFunction(join(folder.path, "none"))).rejects.toThrow("There is no folder");
    await expect(packageFunction(join(folder.path, "empty"))).rejects.toThrow("is empty");
  });

  it("refuses more than Lambda takes, before it reads it", async () => {
    using folder = temporaryFolder();
    const file = join(folder.path, "model.bin");
    openSync(file, "w");
    truncateSync(file, 250 * 1024 * 1024 + 1);

    await expect(packageFunction(folder.path)).rejects.toThrow(/too large for a function.*\n.*model\.bin/);
  });
});
