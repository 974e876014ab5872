import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

interface LockEntry {
  version?: string;
  integrity?: string;
  link?: boolean;
  optionalDependencies?: Record<string, string>;
}

const root = resolve(import.meta.dirname, "..");
const { packages }: { packages: Record<string, LockEntry> } = JSON.parse(
  readFileSync(join(root, "package-lock.json"), "utf8"),
);

/** The entry that a package finds under a name, as Node resolves it: in its own node_modules, then in those above. */
function resolved(from: string, name: string): LockEntry | undefined {
  const parts = from.split("/");
  for (let length = parts.length; length >= 0; length -= 1) {
    const entry = packages[[...parts.slice(0, length), "node_modules", name].join("/")];
    if (entry !== undefined) {
      return entry;
    }
  }
  return undefined;
}

test("package-lock.json names the packages of every platform, not only of the one it was written on", () => {
  const absent = Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies)
      .filter(([name]) => resolved(path, name)?.version === undefined)
      .map(([name, version]) => `${path}: ${name}@${version}`),
  );

  // npm ci refuses a lock file with such a gap, on every machine: choose a version that is published for all platforms.
  expect(absent).toEqual([]);
});

test("package-lock.json holds a checksum for everything that is fetched", () => {
  const without = Object.entries(packages)
    .filter(([path, { link }]) => path.includes("node_modules/") && link !== true)
    .filter(([, { integrity }]) => integrity === undefined)
    .map(([path]) => path);

  expect(without).toEqual([]);
});
