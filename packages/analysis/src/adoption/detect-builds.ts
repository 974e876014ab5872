import { posix } from "node:path";
import type { DetectedBuild, DetectedFunction } from "./detected.ts";
import type { RepositoryFiles } from "./repository-files.ts";

/** A folder that a build fills, and what it may be for. */
interface Made {
  readonly build: DetectedBuild;
  /** What a function may be called that it is for, the likeliest first. */
  readonly names: readonly string[];
  /** The file that it begins with, and what it becomes, without its extension. */
  readonly entry?: { readonly source: string; readonly output: string };
}

/** How each function's code is built, and what is odd about it. */
export interface FunctionBuilds {
  readonly builds: ReadonlyMap<string, DetectedBuild>;
  /** Functions whose handler is not what the build makes, and why. */
  readonly oddHandlers: ReadonlyMap<string, string>;
}

/** A package whose script `build` only has others built. */
const DELEGATES = /--workspaces?\b|\s-ws\b|\b(turbo|lerna|nx|wsrun)\b|--recursive|\s-r\s/;

/** One whose script makes pages. */
const PAGES = /\b(vite|react-scripts|next|nuxt|ng|vue-cli-service|astro|gatsby|webpack-dev-server|svelte-kit)\b/;

/** Which package's script `build` makes the code of which function. */
export function detectBuilds(files: RepositoryFiles, functions: readonly DetectedFunction[]): FunctionBuilds {
  const made = packagesWith(files).flatMap((each) => madeBy(each, files));
  const builds = new Map<string, DetectedBuild>();
  const oddHandlers = new Map<string, string>();
  for (const each of functions) {
    const found = bestFor(each.name, made, functions.length === 1);
    if (found !== undefined) {
      builds.set(each.name, found.build);
      const odd = oddHandler(each, found, files);
      if (odd !== undefined) {
        oddHandlers.set(each.name, odd);
      }
    }
  }
  return { builds, oddHandlers };
}

/** How the repository runs its scripts. */
export function packageManagerOf(files: RepositoryFiles): "npm" | "pnpm" | "yarn" | "bun" {
  const has = (name: string) => files.has(name);
  return has("pnpm-lock.yaml")
    ? "pnpm"
    : has("yarn.lock")
      ? "yarn"
      : has("bun.lock") || has("bun.lockb")
        ? "bun"
        : "npm";
}

/** The scripts of the package at the top. */
export function scriptsOf(files: RepositoryFiles, directory = "."): Readonly<Record<string, string>> {
  return packageAt(files, directory)?.scripts ?? {};
}

export interface PackageFile {
  readonly name?: string;
  readonly scripts?: Readonly<Record<string, string>>;
}

export function packageAt(files: RepositoryFiles, directory = "."): PackageFile | undefined {
  const text = files.get(posix.join(directory, "package.json"));
  try {
    const value: unknown = text === undefined ? undefined : JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

interface Package {
  readonly directory: string;
  readonly name: string;
  readonly script: string;
}

function packagesWith(files: RepositoryFiles): readonly Package[] {
  const all = [...files.keys()]
    .filter((file) => posix.basename(file) === "package.json")
    .flatMap((file) => {
      const directory = posix.dirname(file);
      const { name = "", scripts = {} } = packageAt(files, directory) ?? {};
      const script = scripts.build;
      return typeof script === "string" && !PAGES.test(script)
        ? [{ directory, name: name.replace(/^@[^/]+\//, ""), script }]
        : [];
    });
  return all.filter(({ directory, script }) => directory !== "." || all.length === 1 || !DELEGATES.test(script));
}

function madeBy({ directory, name, script }: Package, files: RepositoryFiles): Made[] {
  const build = [packageManagerOf(files), "run", "build"];
  const inside = (path: string) => posix.join(directory, path);
  const names = [posix.basename(directory), name];
  const outdir = /--outdir=(\S+)/.exec(script)?.[1];
  const outfile = /--outfile=(\S+)/.exec(script)?.[1];
  const entries = script.split(/\s+/).flatMap((word) => {
    const [, out, source] = /^(?:([\w./-]+)=)?((?!-)[\w./-]+\.[cm]?[jt]sx?)$/.exec(word) ?? [];
    return source === undefined ? [] : [{ out, source }];
  });
  if (/\besbuild\b/.test(script) && outfile !== undefined) {
    const source = inside(entries[0]?.source ?? "");
    const output = posix.basename(outfile).replace(/\.[^.]+$/, "");
    return [
      {
        build: { directory, build, artifact: inside(posix.dirname(outfile)), isSure: true },
        names,
        entry: { source, output },
      },
    ];
  }
  if (/\besbuild\b/.test(script) && outdir !== undefined && entries.length > 0) {
    return entries.map(({ out, source }) => {
      const output = out ?? posix.basename(source).replace(/\.[^.]+$/, "");
      const artifact = inside(posix.join(outdir, posix.dirname(output)));
      const own = [posix.basename(artifact), posix.basename(output), ...posix.dirname(source).split("/").reverse()];
      return {
        build: { directory, build, artifact, isSure: true },
        names: entries.length === 1 ? [...own, ...names] : own,
        entry: { source: inside(source), output: posix.basename(output) },
      };
    });
  }
  const { folder, isSure } = outputFolder(directory, script, files);
  return [{ build: { directory, build, artifact: inside(folder), isSure }, names }];
}

/** Where something else than esbuild on the command line writes to. */
function outputFolder(
  directory: string,
  script: string,
  files: RepositoryFiles,
): { readonly folder: string; readonly isSure: boolean } {
  const configured = /\btsc\b/.test(script)
    ? /"outDir"\s*:\s*"([^"]+)"/.exec(files.get(posix.join(directory, "tsconfig.json")) ?? "")
    : null;
  if (configured?.[1] !== undefined) {
    return { folder: configured[1].replace(/^\.\//, "").replace(/\/+$/, ""), isSure: true };
  }
  return { folder: outdirOption(script) ?? "dist", isSure: outdirOption(script) !== undefined };
}

function outdirOption(script: string): string | undefined {
  return /--(?:out-?dir|outDir|output-path|dist-dir)[= ](\S+)/.exec(script)?.[1];
}

function bestFor(name: string, made: readonly Made[], isOnly: boolean): Made | undefined {
  const at = (is: (own: string) => boolean) => made.find(({ names }) => names.some((own) => own.length > 2 && is(own)));
  return (
    at((own) => own === name) ??
    at(
      (own) =>
        name.startsWith(`${own}-`) ||
        name.endsWith(`-${own}`) ||
        own.startsWith(`${name}-`) ||
        own.endsWith(`-${name}`),
    ) ??
    (isOnly && made.length === 1 ? made[0] : undefined)
  );
}

/** A handler is `FILE.EXPORT`, of a file in the artifact. */
function oddHandler({ handler }: DetectedFunction, { entry }: Made, files: RepositoryFiles): string | undefined {
  if (handler === undefined || entry === undefined) {
    return undefined;
  }
  const [, file = "", name = ""] = /^(.*)\.([^.]+)$/.exec(handler) ?? [];
  if (file !== entry.output) {
    return `its handler is ${handler}, and the build makes ${entry.output}`;
  }
  const source = files.get(entry.source);
  const exported = new RegExp(
    `export\\s+(async\\s+)?(function\\*?|const|let|var)\\s+${name}\\b|export\\s*\\{[^}]*\\b${name}\\b|exports\\.${name}\\s*=`,
  );
  return source === undefined || exported.test(source)
    ? undefined
    : `its handler is ${handler}, and ${entry.source} exports no ${name}`;
}
