import { cp, mkdir, stat, symlink } from "node:fs/promises";
import { basename, join } from "node:path";
import { build } from "esbuild";
import { repositoryRoot } from "../support/repository.ts";
import { runToEnd } from "../support/run-to-end.ts";
import type { SideName } from "./sides.ts";

/** A side as it would be shipped. */
export interface Bundle {
  readonly path: string;
  readonly bytes: number;
}

const sources = {
  documentClient: "document-client.ts",
  powertools: "powertools.ts",
  hono: "hono.ts",
  express: "express.ts",
};

/** What is no source of a workspace, and would be built or installed again. */
const generated = new Set(["dist", "sourcemaps", "node_modules", "coverage"]);

/**
 * Builds every side into a folder: ours by its own `npm run build`, in a copy of its workspace, so that the clone's own `dist`
 * is left alone (its bundle has the same bytes in any folder); the others by esbuild with the settings of a careful team.
 *
 * @throws Error with what the build said, when one fails
 */
export async function buildSides(folder: string, signal: AbortSignal): Promise<Readonly<Record<SideName, Bundle>>> {
  const names = Object.keys(sources) as (keyof typeof sources)[];
  const [ours, ...others] = await Promise.all([
    buildOurs(folder, signal),
    ...names.map((name) => buildEquivalent(name, folder)),
  ]);
  const built = Object.fromEntries(names.map((name, index) => [name, others[index]]));
  return { ours, ...built } as Record<SideName, Bundle>;
}

async function buildOurs(folder: string, signal: AbortSignal): Promise<Bundle> {
  const copy = join(folder, "apps/api-handler");
  await mkdir(copy, { recursive: true });
  await cp(join(repositoryRoot, "apps/api-handler"), copy, {
    recursive: true,
    filter: (path) => !generated.has(basename(path)),
  });
  await symlink(join(repositoryRoot, "node_modules"), join(folder, "node_modules"));
  await runToEnd("npm", ["run", "build", "--silent"], { cwd: copy, env: process.env, signal });
  return bundleAt(join(copy, "dist/index.cjs"));
}

async function buildEquivalent(name: keyof typeof sources, folder: string): Promise<Bundle> {
  const outfile = join(folder, name, "index.cjs");
  await build({
    entryPoints: [join(import.meta.dirname, "equivalents", sources[name])],
    outfile,
    bundle: true,
    minify: true,
    format: "cjs",
    platform: "node",
    target: "node22",
    mainFields: ["module", "main"],
    legalComments: "none",
    logLevel: "warning",
    tsconfigRaw: {},
  });
  return bundleAt(outfile);
}

async function bundleAt(path: string): Promise<Bundle> {
  return { path, bytes: (await stat(path)).size };
}
