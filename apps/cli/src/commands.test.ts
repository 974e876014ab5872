import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";

/** What a file imports before it runs; not what it imports types of, or while it runs. */
const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^"';]*?\sfrom\s+)?"([^"]+)";/gm;

/** The packages that a file brings, each with the file that names it; through files of this package. */
function packagesOf(file: string, seen = new Set<string>()): ReadonlyMap<string, string> {
  const packages = new Map<string, string>();
  if (seen.has(file)) {
    return packages;
  }
  seen.add(file);
  for (const [, name = ""] of readFileSync(file, "utf8").matchAll(IMPORT)) {
    const found = name.startsWith(".") ? packagesOf(join(dirname(file), name), seen) : new Map([[name, file]]);
    for (const [each, where] of found) {
      packages.set(each, where);
    }
  }
  return packages;
}

test("the list of commands brings neither the SDK nor the engine: `slipway --help` should not wait for them", () => {
  const packages = packagesOf(join(import.meta.dirname, "commands.ts"));

  expect([...packages.keys()]).toContain("@slipway/local-aws");
  const slow = [...packages].filter(([name]) =>
    /^(@aws-sdk\/|@slipway\/(aws|release-engine|contracts|analysis)$)/.test(name),
  );
  expect(slow).toEqual([]);
});
