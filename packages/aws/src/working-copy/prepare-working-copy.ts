import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { ReleaseError } from "@slipway/release-engine";
import { backendFile, generatedFiles } from "./generated-files.ts";
import { readRootModule } from "./read-root-module.ts";

export interface WorkingCopyOptions {
  /** Absolute path of the repository. */
  repository: string;
  /** Folder inside of it with everything that Terraform reads. */
  infrastructure: string;
  /** The root modules, inside of that folder, by their paths from the repository. */
  roots: readonly WorkingCopyRoot[];
  /** Absolute path of the folder that stands for the repository; paths below it are the same. */
  target: string;
  /** URL of local AWS. */
  endpoint: string;
}

export interface WorkingCopyRoot {
  directory: string;
  /**
   * `beside`: in a file in the working copy, as the bootstrap has to that makes the state bucket. `as-configured`: where its
   * backend block says, on local AWS.
   */
  state: "beside" | "as-configured";
}

export interface WorkingCopy {
  /** By the paths that the options name them by. */
  roots: Readonly<Record<string, PreparedRoot>>;
  /** How many files were new or different, and how many had vanished. */
  written: number;
  removed: number;
}

export interface PreparedRoot {
  /** Absolute path in the working copy. */
  directory: string;
  /** For `terraform init`. */
  backendConfigFiles: string[];
}

interface Manifest {
  version: 1;
  /** Digest of each file's source when it was written, by its path from the target. */
  files: Record<string, string>;
}

const manifestName = ".slipway-working-copy.json";
/** What Terraform or a person left behind, and what never belongs to a configuration. */
const skipped = /^(\.terraform|\.git|node_modules|crash\.log|tfplan(\.txt)?|.*\.tfplan|.*\.tfstate(\..*)?)$/;
/** `init` completes it: it is written again only when its source changed. */
const lockFile = ".terraform.lock.hcl";

/**
 * Copies the infrastructure folder to where it can be changed, and sends its root modules to another endpoint. The
 * committed files stay what they are: production's.
 *
 * Only files that differ are written, and only files that an earlier call wrote are removed: state, and what `init`
 * made, stay.
 *
 * @throws {ReleaseError} for a root module that cannot be sent to another endpoint
 */
export async function prepareWorkingCopy(options: WorkingCopyOptions): Promise<WorkingCopy> {
  const { repository, infrastructure, roots, target, endpoint } = options;
  const wanted = new Map<string, Buffer>();
  for (const file of await listFiles(join(repository, infrastructure))) {
    wanted.set(relative(repository, file), await readFile(file));
  }
  const prepared: Record<string, PreparedRoot> = {};
  for (const { directory, state } of roots) {
    const localState = state === "beside";
    const root = await readRootModule(join(repository, directory));
    if (!localState && root.backend !== undefined && root.backend !== "s3") {
      throw new ReleaseError({
        kind: "usage",
        what: `${directory} cannot be rehearsed`,
        why: `it keeps its state in the backend "${root.backend}"; local AWS can stand for "s3" only`,
        next: `use the backend "s3" in ${directory}`,
      });
    }
    for (const [name, text] of generatedFiles(root, endpoint, localState)) {
      const path = join(directory, name);
      if (wanted.has(path)) {
        throw new ReleaseError({
          kind: "usage",
          what: `${directory} cannot be rehearsed`,
          why: `it has a file ${name}, which is the name of a file that a rehearsal generates`,
          next: `give ${path} another name`,
        });
      }
      wanted.set(path, Buffer.from(text));
    }
    const hasBackendFile = wanted.has(join(directory, backendFile));
    prepared[directory] = {
      directory: join(target, directory),
      backendConfigFiles: hasBackendFile ? [join(target, directory, backendFile)] : [],
    };
  }
  return { roots: prepared, ...(await write(target, wanted)) };
}

async function write(
  target: string,
  wanted: ReadonlyMap<string, Buffer>,
): Promise<{ written: number; removed: number }> {
  const manifestFile = join(target, manifestName);
  const before = await readManifest(manifestFile);
  const now: Manifest = { version: 1, files: {} };
  let written = 0;
  for (const [path, content] of wanted) {
    const digest = createHash("sha256").update(content).digest("hex");
    now.files[path] = digest;
    const file = join(target, path);
    const present = await readFile(file).catch(() => undefined);
    const isUnchangedLock = path.endsWith(lockFile) && present !== undefined && before.files[path] === digest;
    if (!isUnchangedLock && !(present?.equals(content) ?? false)) {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, content);
      written += 1;
    }
  }
  const vanished = Object.keys(before.files).filter((path) => !wanted.has(path));
  for (const path of vanished) {
    await rm(join(target, path), { force: true });
  }
  if (written + vanished.length > 0 || Object.keys(before.files).length === 0) {
    await writeFile(manifestFile, `${JSON.stringify(now, undefined, 2)}\n`);
  }
  return { written, removed: vanished.length };
}

async function readManifest(file: string): Promise<Manifest> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text !== undefined) {
    const manifest: Manifest = JSON.parse(text);
    if (manifest.version === 1) {
      return manifest;
    }
  }
  return { version: 1, files: {} };
}

async function listFiles(folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (skipped.test(entry.name)) {
      continue;
    }
    if (entry.isDirectory()) {
      files.push(...(await listFiles(path)));
    } else if (await isReadableFile(path)) {
      files.push(path);
    }
  }
  return files;
}

/** A link to a file is copied as a file. */
async function isReadableFile(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isFile()) {
    return true;
  }
  throw new ReleaseError({
    kind: "usage",
    what: `${path} cannot be copied for a rehearsal`,
    why: found === undefined ? "it is a link to nothing" : "it is neither a file nor a folder, or a link to a folder",
    next: "put the files themselves there, or remove it",
  });
}
