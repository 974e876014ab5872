import { readdirSync, readFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { type FoundImport, findImports } from "./find-imports.ts";
import { doors, outsideRule, testingWorkspace, workspaceRules } from "./rules.ts";

/** An import that the architecture does not allow. */
export interface Violation {
  /** Path from the repository's root, with forward slashes. */
  file: string;
  line: number;
  /** What is imported, why it may not be, and what to do instead; each one sentence. */
  what: string;
  why: string;
  next: string;
}

interface Workspace {
  name: string;
  /** Path from the root; "" for the repository itself (tools, scripts, configuration). */
  folder: string;
  isApp: boolean;
  exports: readonly string[];
  dependencies: ReadonlySet<string>;
  developmentDependencies: ReadonlySet<string>;
}

interface Importer {
  root: string;
  file: string;
  workspace: Workspace;
  isTest: boolean;
  /** Builds or tests the workspace and is no part of what it ships: a test, a configuration or build script, a tool. */
  isDevelopment: boolean;
  workspaces: readonly Workspace[];
  /** Development dependencies of the repository: its tools (vitest, esbuild), the same version for every workspace. */
  sharedTools: ReadonlySet<string>;
}

type Finding = Omit<Violation, "file" | "line">;

/** Folders with sources that belong to the repository itself, and to no workspace. */
const looseFolders = ["data", "tools", "scripts"];

const skippedFolders = new Set(["node_modules", "dist", "coverage", "fixtures"]);

/**
 * Checks every import of every source file below apps/, packages/, e2e/, data/, tools/ and scripts/ against the dependency
 * direction of the architecture (tools/check-dependencies/rules.ts).
 *
 * @param root the repository's folder
 * @throws {Error} when a workspace's package.json cannot be read, or the rules do not know the workspace
 */
export function checkDependencies(root: string): Violation[] {
  const workspaces = [
    ...["apps", "packages"].flatMap((group) => list(join(root, group)).map((name) => `${group}/${name}`)),
    "e2e",
  ]
    .filter((folder) => list(join(root, folder)).includes("package.json"))
    .map((folder) => readWorkspace(root, folder));
  const repository = readWorkspace(root, "");
  const violations: Violation[] = [];
  const checkFolder = (workspace: Workspace, folder: string) => {
    for (const file of sourceFiles(join(root, folder))) {
      const path = relative(root, file).split(sep).join("/");
      const isTest = isTestFile(path);
      const isDevelopment = isTest || workspace.name === "@slipway/e2e" || !path.startsWith(`${workspace.folder}/src/`);
      const sharedTools = repository.developmentDependencies;
      const importer = { root, file: path, workspace, isTest, isDevelopment, workspaces, sharedTools };
      for (const found of findImports(readFileSync(file, "utf8"))) {
        const finding = judge(importer, found);
        if (finding !== undefined) {
          violations.push({ file: path, line: found.line, ...finding });
        }
      }
    }
  };
  for (const workspace of workspaces) {
    checkFolder(workspace, workspace.folder);
  }
  for (const folder of looseFolders) {
    checkFolder(repository, folder);
  }
  return violations;
}

function judge(importer: Importer, found: FoundImport): Finding | undefined {
  const { specifier } = found;
  if (specifier.startsWith("node:") || specifier.startsWith("#")) {
    return undefined;
  }
  if (specifier.startsWith(".") || specifier.startsWith("/")) {
    return judgeRelative(importer, specifier);
  }
  if (builtinModules.includes(specifier)) {
    return undefined; // Biome's useNodejsImportProtocol tells about these
  }
  const name = packageName(specifier);
  const target = importer.workspaces.find((workspace) => workspace.name === name);
  return (
    (target === undefined ? undefined : judgeWorkspace(importer, target, specifier)) ??
    judgeAwsSdk(importer, name) ??
    judgeDeclared(importer, name, found.typeOnly)
  );
}

function judgeRelative({ root, file, workspace }: Importer, specifier: string): Finding | undefined {
  const target = relative(root, resolve(root, dirname(file), specifier))
    .split(sep)
    .join("/");
  const isInside =
    workspace.folder === ""
      ? looseFolders.some((folder) => target.startsWith(`${folder}/`))
      : target.startsWith(`${workspace.folder}/`);
  const door = doors.find((candidate) => candidate.workspace === workspace.name && target.startsWith(candidate.to));
  if (isInside || door !== undefined) {
    return undefined;
  }
  const owner = workspace.folder || looseFolders.map((folder) => `${folder}/`).join(", ");
  return {
    what: `"${specifier}" leaves ${owner}`,
    why: "a relative import past a workspace's border goes round its exports and its declared dependencies",
    next: "import the other workspace by its package name, or move the file to the workspace that uses it",
  };
}

function judgeWorkspace(importer: Importer, target: Workspace, specifier: string): Finding | undefined {
  const { workspace, isTest } = importer;
  if (target.name === workspace.name) {
    return undefined;
  }
  const what = `${workspace.folder || "what belongs to no workspace"} imports ${target.name}`;
  if (target.isApp) {
    return {
      what,
      why: "nothing imports an app: apps are the top of the tree",
      next: "move what is shared into a package below both, or start the app as a process",
    };
  }
  const subpath = `.${specifier.slice(target.name.length)}`;
  if (!target.exports.includes(subpath)) {
    return {
      what: `"${specifier}" is no entry of ${target.name}`,
      why: `its package.json exports ${target.exports.join(", ") || "nothing"}; the rest is its own business`,
      next: `export what you need from ${target.folder}/src/index.ts, and import "${target.name}"`,
    };
  }
  if (target.name === testingWorkspace && !isTest && workspace.name !== "@slipway/e2e") {
    return {
      what,
      why: "fakes and test clocks must not reach what runs in production",
      next: "import it from a *.test.ts file only, or move what production needs into the package that owns it",
    };
  }
  const allowed = isTest ? outsideRule.imports : ruleOf(workspace).imports;
  if (!allowed.includes(target.name)) {
    return {
      what,
      why: `the direction is apps -> aws -> release-engine -> release-plan, analysis -> contracts; ${workspace.name} may import ${allowed.join(", ") || "none of our packages"}`,
      next: "declare a small interface (a port) here and let a package above implement it, or move the code to the right layer",
    };
  }
  return undefined;
}

function judgeAwsSdk({ workspace, isTest }: Importer, name: string): Finding | undefined {
  if (!/^@(aws-sdk|smithy)\//.test(name) || isTest || ruleOf(workspace).awsSdk) {
    return undefined;
  }
  return {
    what: `${workspace.folder} imports ${name}`,
    why: "only packages/aws, packages/local-aws and apps/api-handler know the AWS SDK",
    next: "declare what you need as a port in packages/release-engine, and call the SDK in packages/aws",
  };
}

function judgeDeclared(importer: Importer, name: string, typeOnly: boolean): Finding | undefined {
  const { workspace, isDevelopment, sharedTools } = importer;
  const { dependencies, developmentDependencies } = workspace;
  const types = `@types/${name.replace(/^@/, "").replace("/", "__")}`;
  const isDeclared =
    name === workspace.name ||
    dependencies.has(name) ||
    ((isDevelopment || typeOnly) && (developmentDependencies.has(name) || developmentDependencies.has(types))) ||
    (isDevelopment && sharedTools.has(name));
  if (isDeclared) {
    return undefined;
  }
  const file = `${workspace.folder === "" ? "" : `${workspace.folder}/`}package.json`;
  return {
    what: `${name} is not declared in ${file}`,
    why: "it resolves only because npm hoisted it for someone else",
    next: `add it to ${isDevelopment || typeOnly ? "devDependencies" : "dependencies"} of ${file}, with an exact version`,
  };
}

function ruleOf(workspace: Workspace) {
  if (workspace.folder === "") {
    return outsideRule;
  }
  const rule = workspaceRules[workspace.name];
  if (rule === undefined) {
    throw new Error(
      `${workspace.folder}: the dependency rules do not know the workspace ${workspace.name}; ` +
        "add it to tools/check-dependencies/rules.ts with what it may import",
    );
  }
  return rule;
}

function readWorkspace(root: string, folder: string): Workspace {
  const file = join(root, folder, "package.json");
  const manifest: {
    name?: string;
    exports?: Record<string, unknown> | string;
    dependencies?: Record<string, string>;
    devDependencies?: Record<string, string>;
    peerDependencies?: Record<string, string>;
  } = JSON.parse(readFileSync(file, "utf8"));
  if (manifest.name === undefined) {
    throw new Error(`${file} has no name`);
  }
  return {
    name: manifest.name,
    folder,
    isApp: folder.startsWith("apps/"),
    exports: typeof manifest.exports === "string" ? ["."] : Object.keys(manifest.exports ?? {}),
    dependencies: new Set(Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })),
    developmentDependencies: new Set(Object.keys(manifest.devDependencies ?? {})),
  };
}

/** A test, or a helper that stands in a folder of tests. */
function isTestFile(path: string): boolean {
  return /\.test\.(ts|mts|mjs|js)$/.test(path) || path.split("/").some((part) => part === "test" || part === "tests");
}

function packageName(specifier: string): string {
  const parts = specifier.split("/");
  return specifier.startsWith("@") ? parts.slice(0, 2).join("/") : (parts[0] ?? specifier);
}

function* sourceFiles(folder: string): Generator<string> {
  for (const entry of safeEntries(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !skippedFolders.has(entry.name) && !entry.name.startsWith(".")) {
      yield* sourceFiles(path);
    } else if (entry.isFile() && /\.(ts|mts|cts|js|mjs|cjs)$/.test(entry.name)) {
      yield path;
    }
  }
}

function safeEntries(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function list(folder: string): string[] {
  return safeEntries(folder).map((entry) => entry.name);
}
