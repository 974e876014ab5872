import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeZip } from "./test/make-zip.ts";
import { temporaryFolder, writeFile } from "./test/temporary-folder.ts";
import { unzip } from "./unzip.mjs";

function archiveOf(...parameters: Parameters<typeof makeZip>) {
  const folder = temporaryFolder();
  return { archive: writeFile(join(folder, "a.zip"), makeZip(...parameters)), target: join(folder, "out") };
}

test("unpacks deflated, stored, empty and nested files with their modes", async () => {
  const large = "slipway ".repeat(200_000);
  const { archive, target } = archiveOf(
    [
      { name: "LICENSE.txt", content: "free" },
      { name: "terraform", content: large, mode: 0o100755 },
      { name: "a/", content: "", mode: 0o40755, stored: true },
      { name: "a/b/empty", content: "", stored: true },
      { name: "a/stored", content: "as it is", stored: true },
    ],
    "a comment at the end",
  );

  const names = await unzip(archive, target);

  expect(names).toEqual(["LICENSE.txt", "terraform", "a/b/empty", "a/stored"]);
  expect(readFileSync(join(target, "terraform"), "utf8")).toBe(large);
  expect(statSync(join(target, "terraform")).mode & 0o777).toBe(0o755);
  expect(readFileSync(join(target, "a/b/empty"), "utf8")).toBe("");
  expect(readFileSync(join(target, "a/stored"), "utf8")).toBe("as it is");
});

test.each(["../evil", "/evil", "a/../../evil", "..\\evil"])("refuses to write to %s", async (name) => {
  const { archive, target } = archiveOf([{ name, content: "x" }]);

  await expect(unzip(archive, target)).rejects.toThrow("outside of the folder");
  expect(existsSync(join(target, "../evil"))).toBe(false);
});

test.each([
  ["a wrong checksum", [{ name: "a", content: "x", crc: 1 }], "a is damaged"],
  ["an encrypted file", [{ name: "a", content: "x", encrypted: true }], "a is encrypted"],
  ["a link", [{ name: "a", content: "/etc/passwd", mode: 0o120777 }], "a is a link"],
])("refuses %s", async (_name, contents, message) => {
  const { archive, target } = archiveOf(contents);

  await expect(unzip(archive, target)).rejects.toThrow(message);
});

test("refuses an archive that is cut short, and what is none", async () => {
  const folder = temporaryFolder();
  const whole = makeZip([{ name: "a", content: "x".repeat(1000) }]);

  const cut = writeFile(join(folder, "cut.zip"), whole.subarray(0, whole.length - 30));
  const page = writeFile(join(folder, "page.zip"), "<html>please log in</html>");

  await expect(unzip(cut, join(folder, "out"))).rejects.toThrow("no zip archive, or it is cut short");
  await expect(unzip(page, join(folder, "out"))).rejects.toThrow("no zip archive");
});

test("refuses damaged content", async () => {
  const folder = temporaryFolder();
  const bytes = makeZip([{ name: "a", content: "slipway ".repeat(100) }]);
  bytes.fill(0xff, 35, 45);

  await expect(unzip(writeFile(join(folder, "a.zip"), bytes), join(folder, "out"))).rejects.toThrow("a is damaged");
});
