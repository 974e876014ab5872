import { existsSync, readdirSync, readFileSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { buildFunction } from "@slipway/aws";
import { packageFunction } from "@slipway/release-engine";
import { afterAll, beforeAll, expect, it } from "vitest";
import { repositoryRoot } from "./support/repository.ts";
import { mustRun, runProgram } from "./support/run-program.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const folder = temporaryFolder("same-package");
afterAll(() => folder.remove());

/** A clone of the repository's commit, somewhere. */
async function clone(place: string): Promise<string> {
  const path = join(folder.path, place);
  await mustRun("git", ["clone", "--quiet", "--no-hardlinks", repositoryRoot, path]);
  return path;
}

/** Dependencies of its own: links take no time and no room; between two file systems there are none. */
async function copyDependencies(path: string): Promise<void> {
  const modules = [join(repositoryRoot, "node_modules"), join(path, "node_modules")];
  if ((await runProgram("cp", ["-al", ...modules])).code !== 0) {
    await mustRun("cp", ["-a", ...modules]);
  }
}

/** Builds and packages a function there, as a release does. */
async function packageAt(repository: string, name: string, env: NodeJS.ProcessEnv) {
  const cwd = join(repository, "apps", name);
  await buildFunction({ argv: ["npm", "run", "build"], cwd, env: { ...process.env, ...env } });
  return packageFunction(join(cwd, "dist"));
}

const places: string[] = [];
beforeAll(async () => {
  places.push(await clone("a"), await clone("some/other folder/that is deeper"));
  for (const place of places) {
    await copyDependencies(place);
  }
});

it.each(["api-handler", "authorizer"])(
  "the same commit makes the same package of %s, wherever and whenever",
  async (name) => {
    const [here = "", there = ""] = places;
    const longAgo = new Date("2001-09-09T01:46:40Z");
    for (const file of readdirSync(join(there, "apps", name, "src"), { recursive: true, encoding: "utf8" })) {
      utimesSync(join(there, "apps", name, "src", file), longAgo, longAgo);
    }
    const one = await packageAt(here, name, { TZ: "Pacific/Auckland", LANG: "C" });
    const other = await packageAt(there, name, { TZ: "America/Caracas", LANG: "tr_TR.UTF-8" });
    expect(other.sha256).toBe(one.sha256);
    expect(Buffer.from(other.bytes).equals(one.bytes)).toBe(true);
    expect(one.files.map(({ path }) => path)).toEqual(["index.cjs"]);

    // What is beside it names no place either: a stack is read with the same map everywhere.
    const mapAt = (repository: string) =>
      readFileSync(join(repository, "apps", name, "sourcemaps/index.cjs.map"), "utf8");
    expect(mapAt(there)).toBe(mapAt(here));
    expect(existsSync(join(here, "apps", name, "dist/index.cjs.map"))).toBe(false);
    for (const text of [mapAt(here), readFileSync(join(here, "apps", name, "dist/index.cjs"), "utf8")]) {
      expect(text.includes(folder.path) || text.includes(repositoryRoot)).toBe(false);
    }
  },
);
