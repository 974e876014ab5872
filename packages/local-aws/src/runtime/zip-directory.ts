/** Thrown when a deployment package is not a zip that can be used; the message completes "Could not unzip: ...". */
export class ZipError extends Error {
  override readonly name = "ZipError";
}

/** One entry of a zip's central directory. */
export interface ZipEntry {
  readonly name: string;
  /** Size in bytes once unpacked, as the directory says. */
  readonly size: number;
  readonly isExecutable: boolean;
  readonly isSymlink: boolean;
}

const END_SIGNATURE = 0x06054b50;
const ENTRY_SIGNATURE = 0x02014b50;
const END_LENGTH = 22;
const ENTRY_LENGTH = 46;
const LONGEST_COMMENT = 0xffff;
const UNIX = 3;
const SYMLINK = 0o120000;
const FILE_TYPE = 0o170000;
const ANYONE_EXECUTES = 0o111;

/**
 * Reads the central directory of a zip, without unpacking it: names, sizes and Unix modes (which the unpacking library
 * does not tell). https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT sections 4.3.12 and 4.3.16.
 *
 * @throws ZipError when there is no directory, it is cut short, or a name is unusable
 */
export function readZipDirectory(bytes: Uint8Array): readonly ZipEntry[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  const count = view.getUint16(end + 10, true);
  const entries: ZipEntry[] = [];
  let at = view.getUint32(end + 16, true);
  for (let index = 0; index < count; index++) {
    if (at + ENTRY_LENGTH > view.byteLength || view.getUint32(at, true) !== ENTRY_SIGNATURE) {
      throw new ZipError("its directory is damaged");
    }
    const nameLength = view.getUint16(at + 28, true);
    const name = nameAt(bytes, at + ENTRY_LENGTH, nameLength, (view.getUint16(at + 8, true) & 0x800) !== 0);
    const mode = view.getUint8(at + 5) === UNIX ? view.getUint32(at + 38, true) >>> 16 : 0;
    entries.push({
      name,
      size: view.getUint32(at + 24, true),
      isExecutable: (mode & ANYONE_EXECUTES) !== 0,
      isSymlink: (mode & FILE_TYPE) === SYMLINK,
    });
    at += ENTRY_LENGTH + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

function findEnd(view: DataView): number {
  const last = view.byteLength - END_LENGTH;
  for (let at = last; at >= 0 && at >= last - LONGEST_COMMENT; at--) {
    if (view.getUint32(at, true) === END_SIGNATURE) {
      return at;
    }
  }
  throw new ZipError("it is not a zip file");
}

// The same reading of names as fflate's: UTF-8 where the entry says so, otherwise one character per byte.
function nameAt(bytes: Uint8Array, start: number, length: number, utf8: boolean): string {
  const name = Buffer.from(bytes.subarray(start, start + length)).toString(utf8 ? "utf8" : "latin1");
  if (name === "" || name.startsWith("/") || name.includes("\0") || name.split("/").includes("..")) {
    throw new ZipError(`its entry ${JSON.stringify(name)} points outside of the function's folder`);
  }
  return name;
}
