import { randomUUID } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { unzipSync } from "fflate";
import { readZipDirectory, ZipError } from "./zip-directory.ts";

/** Unpacked code of functions, one folder per deployment package, shared by all versions that have the same package. */
export interface CodeFolders {
  /**
   * The folder with the code of a package, unpacking it when that has not been done.
   *
   * @param codeSha256 - SHA-256 of the package in base64
   * @throws ZipError when the package cannot be unpacked or an entry points outside of the folder
   */
  folder(codeSha256: string, readPackage: () => Uint8Array): string;
  /** Removes the folders of all packages but these. */
  keepOnly(codeSha256s: ReadonlySet<string>): void;
}

/** Opens the code folders below `root`. */
export function openCodeFolders(root: string): CodeFolders {
  const unpacked = new Map<string, string>();
  return {
    folder(codeSha256, readPackage) {
      const known = unpacked.get(codeSha256);
      if (known !== undefined) {
        return known;
      }
      const target = join(root, nameOf(codeSha256));
      if (!existsSync(target)) {
        // Unpacked beside and renamed, so that a folder is either whole or not there, whenever the process is killed.
        const partial = join(root, `partial-${randomUUID()}`);
        try {
          unpack(readPackage(), partial);
          renameSync(partial, target);
        } catch (error) {
          rmSync(partial, { recursive: true, force: true });
          throw error;
        }
      }
      unpacked.set(codeSha256, target);
      return target;
    },
    keepOnly(codeSha256s) {
      const wanted = new Set([...codeSha256s].map(nameOf));
      for (const name of existsSync(root) ? readdirSync(root) : []) {
        if (!wanted.has(name)) {
          rmSync(join(root, name), { recursive: true, force: true });
        }
      }
      for (const sha of unpacked.keys()) {
        if (!codeSha256s.has(sha)) {
          unpacked.delete(sha);
        }
      }
    },
  };
}

function nameOf(codeSha256: string): string {
  return Buffer.from(codeSha256, "base64").toString("hex");
}

function unpack(bytes: Uint8Array, folder: string): void {
  const entries = readZipDirectory(bytes);
  const contents = unzip(bytes);
  mkdirSync(folder, { recursive: true });
  const made = new Set([folder]);
  const makeFolder = (path: string) => {
    if (!made.has(path)) {
      mkdirSync(path, { recursive: true });
      made.add(path);
    }
  };
  // Links last: nothing is ever written through one.
  for (const entry of [...entries].sort((a, b) => Number(a.isSymlink) - Number(b.isSymlink))) {
    const path = inside(folder, entry.name);
    const content = contents[entry.name];
    if (entry.name.endsWith("/")) {
      makeFolder(path);
    } else if (content === undefined) {
      throw new ZipError(`its entry ${entry.name} has no content`);
    } else if (entry.isSymlink) {
      const target = Buffer.from(content).toString();
      inside(folder, relative(folder, resolve(dirname(path), target)));
      makeFolder(dirname(path));
      symlinkSync(target, path);
    } else {
      makeFolder(dirname(path));
      writeFileSync(path, content);
      // Read-only, as /var/task is on AWS: environments share the folder.
      chmodSync(path, entry.isExecutable ? 0o555 : 0o444);
    }
  }
}

function unzip(bytes: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes);
  } catch (cause) {
    throw new ZipError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

function inside(folder: string, name: string): string {
  const path = resolve(folder, name);
  if (path !== folder && !path.startsWith(folder + sep)) {
    throw new ZipError(`its entry ${name} points outside of the function's folder`);
  }
  return path;
}
