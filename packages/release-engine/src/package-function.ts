import { createHash } from "node:crypto";
import type { Dirent } from "node:fs";
import { readdir, readFile, realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import { type Zippable, zipSync } from "fflate";
import { ReleaseError } from "./release-error.ts";

/** A function's code as one zip file: the same files give the same bytes, on any machine, at any time, in any folder. */
export interface Artifact {
  bytes: Uint8Array;
  /** Of the bytes, in hexadecimal: the artifact's name. */
  sha256: string;
  /** The same in base64: Lambda's `CodeSha256`. */
  sha256Base64: string;
  /** The files in it, in their order, with their sizes before compression. */
  files: readonly { path: string; size: number }[];
}

/** Lambda's limit for the unpacked code of a function: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const maxUnpackedBytes = 250 * 1024 * 1024;

const compressionLevel = 9;
/** A regular file that everybody may read: Lambda does not run as the owner. */
const regularFileMode = 0o100644;
const madeByUnix = 3;

/**
 * Packs all files below a folder, source maps only if they are in it.
 *
 * Names are sorted by their code units; every entry has the mode 0644, the earliest time that the format knows, and no
 * extra fields. Links are followed where they stay inside of the folder.
 *
 * @throws {ReleaseError} for a folder that is missing or empty, for links that leave it or go nowhere, for what is no file,
 *   and for more than Lambda takes
 */
export async function packageFunction(directory: string): Promise<Artifact> {
  const root = await realpath(directory).catch((cause: unknown) => {
    throw new ReleaseError(
      {
        kind: "usage",
        what: `There is no folder ${directory} to package`,
        why: "the build did not make it, or functions[].artifact in slipway.config.ts names another one",
        next: "run the function's build command and look where it writes",
      },
      { cause },
    );
  });

  const found = await findFiles(root, root, "", [root]);
  const files = found.sort((a, b) => (a.path < b.path ? -1 : 1));
  if (files.length === 0) {
    throw new ReleaseError({
      kind: "usage",
      what: `The folder ${directory} is empty`,
      why: "a function without code cannot be released",
      next: "run the function's build command and look where it writes",
    });
  }
  const total = files.reduce((sum, { size }) => sum + size, 0);
  if (total > maxUnpackedBytes) {
    const largest = [...files].sort((a, b) => b.size - a.size)[0];
    throw new ReleaseError({
      kind: "usage",
      what: `The files in ${directory} are too large for a function`,
      why: `${total} bytes, of which ${largest?.size} in ${largest?.path}; Lambda takes ${maxUnpackedBytes}`,
      next: "leave out what the function does not need at run time",
    });
  }

  const entries: Zippable = {};
  for (const { path, file } of files) {
    entries[path] = new Uint8Array(await readFile(file));
  }
  const bytes = zipSync(entries, {
    level: compressionLevel,
    os: madeByUnix,
    attrs: regularFileMode << 16,
    // The format has local time without a zone, and fflate takes it from the local fields of a date.
    mtime: new Date(1980, 0, 1),
  });
  const digest = createHash("sha256").update(bytes).digest();
  return {
    bytes,
    sha256: digest.toString("hex"),
    sha256Base64: digest.toString("base64"),
    files: files.map(({ path, size }) => ({ path, size })),
  };
}

interface FoundFile {
  /** Inside of the zip: with / between its parts. */
  path: string;
  file: string;
  size: number;
}

/** @param above the real folders on the way down, to see links that go in circles */
async function findFiles(root: string, folder: string, prefix: string, above: readonly string[]): Promise<FoundFile[]> {
  const found: FoundFile[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = prefix + entry.name;
    const file = await resolveEntry(root, folder, entry, path);
    const { size, isFolder, isFile } = await stat(file).then((each) => ({
      size: each.size,
      isFolder: each.isDirectory(),
      isFile: each.isFile(),
    }));
    if (isFolder && above.includes(file)) {
      throw refuse(path, "it is a link to a folder that it is in");
    }
    if (isFolder) {
      found.push(...(await findFiles(root, file, `${path}/`, [...above, file])));
    } else if (isFile) {
      found.push({ path, file, size });
    } else {
      throw refuse(path, "it is neither a file nor a folder");
    }
  }
  return found;
}

async function resolveEntry(root: string, folder: string, entry: Dirent, path: string): Promise<string> {
  const file = join(folder, entry.name);
  if (!entry.isSymbolicLink()) {
    return file;
  }
  const target = await realpath(file).catch(() => {
    throw refuse(path, "it is a link to nothing");
  });
  if (target !== root && !target.startsWith(root + sep)) {
    throw refuse(path, `it is a link to ${target}, outside of the folder`);
  }
  return target;
}

function refuse(path: string, why: string): ReleaseError {
  return new ReleaseError({
    kind: "usage",
    what: `${path} cannot be packaged`,
    why,
    next: "have the build copy the file itself into the folder, or remove it",
  });
}
