import { createReadStream, createWriteStream } from "node:fs";
import { chmod, mkdir, open } from "node:fs/promises";
import { dirname, join, normalize } from "node:path";
import { pipeline } from "node:stream/promises";
import { crc32, createInflateRaw } from "node:zlib";

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;
const localHeader = 0x04034b50;
const stored = 0;
const deflated = 8;

/**
 * @typedef {object} ZipEntry
 * @property {string} name
 * @property {number} method
 * @property {number} crc
 * @property {number} compressedSize
 * @property {number} size
 * @property {number} headerOffset
 * @property {number} mode Unix permission bits, 0 where the archive has none
 */

/**
 * Unpacks a zip archive, one file at a time, never a whole file in memory. Reads what release archives are made of:
 * stored and deflated entries. Zip64, encryption and links are refused by name.
 *
 * @param {string} archive path of the zip file
 * @param {string} folder where to put its content; made when it is not there
 * @returns {Promise<string[]>} the names of the files, in the order of the archive
 * @throws {Error} when the archive is damaged, or would write outside of the folder
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
export async function unzip(archive, folder) {
  const file = await open(archive, "r");
  try {
    const { size } = await file.stat();
    /** @type {string[]} */
    const names = [];
    for (const entry of await readDirectory(file, size, archive)) {
      const target = targetOf(entry, folder, archive);
      if (entry.name.endsWith("/")) {
        await mkdir(target, { recursive: true });
        continue;
      }
      await mkdir(dirname(target), { recursive: true });
      await extract(archive, await contentOffset(file, entry, archive), entry, target);
      await chmod(target, entry.mode === 0 ? 0o644 : entry.mode);
      names.push(entry.name);
    }
    return names;
  } finally {
    await file.close();
  }
}

/**
 * @param {import("node:fs/promises").FileHandle} file
 * @param {number} size
 * @param {string} archive
 * @returns {Promise<ZipEntry[]>}
 */
async function readDirectory(file, size, archive) {
  // The end record is 22 bytes long, followed by a comment of at most 65,535 bytes.
  const tail = await readAt(file, Math.max(0, size - 22 - 0xffff), Math.min(size, 22 + 0xffff));
  let end = tail.length - 22;
  while (end >= 0 && tail.readUInt32LE(end) !== endOfDirectory) {
    end -= 1;
  }
  if (end < 0) {
    throw new Error(`${archive} is no zip archive, or it is cut short`);
  }
  const count = tail.readUInt16LE(end + 10);
  const length = tail.readUInt32LE(end + 12);
  const offset = tail.readUInt32LE(end + 16);
  if (count === 0xffff || offset === 0xffffffff) {
    throw new Error(`${archive} is a zip64 archive, which this does not read`);
  }
  const directory = await readAt(file, offset, length);
  /** @type {ZipEntry[]} */
  const entries = [];
  let at = 0;
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== directoryEntry) {
      throw new Error(`${archive} has a damaged directory`);
    }
    const nameLength = directory.readUInt16LE(at + 28);
    const attributes = directory.readUInt32LE(at + 38) >>> 16;
    const entry = {
      name: directory.toString("utf8", at + 46, at + 46 + nameLength),
      method: directory.readUInt16LE(at + 10),
      crc: directory.readUInt32LE(at + 16),
      compressedSize: directory.readUInt32LE(at + 20),
      size: directory.readUInt32LE(at + 24),
      headerOffset: directory.readUInt32LE(at + 42),
      mode: attributes & 0o777,
    };
    const isEncrypted = (directory.readUInt16LE(at + 8) & 1) === 1;
    const isLink = (attributes & 0o170000) === 0o120000;
    if (isEncrypted || isLink || (entry.method !== stored && entry.method !== deflated)) {
      const kind = isEncrypted ? "encrypted" : isLink ? "a link" : `packed with method ${entry.method}`;
      throw new Error(`${archive}: ${entry.name} is ${kind}, which this does not read`);
    }
    entries.push(entry);
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return entries;
}

/**
 * @param {ZipEntry} entry
 * @param {string} folder
 * @param {string} archive
 */
function targetOf(entry, folder, archive) {
  const name = normalize(entry.name);
  if (name.startsWith("/") || name.startsWith("..") || entry.name.includes("\\")) {
    throw new Error(`${archive}: ${entry.name} would be written outside of the folder`);
  }
  return join(folder, name);
}

/**
 * @param {import("node:fs/promises").FileHandle} file
 * @param {ZipEntry} entry
 * @param {string} archive
 */
async function contentOffset(file, entry, archive) {
  const header = await readAt(file, entry.headerOffset, 30);
  if (header.length < 30 || header.readUInt32LE(0) !== localHeader) {
    throw new Error(`${archive}: ${entry.name} has a damaged header`);
  }
  return entry.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}

/**
 * @param {string} archive
 * @param {number} offset
 * @param {ZipEntry} entry
 * @param {string} target
 */
async function extract(archive, offset, entry, target) {
  let size = 0;
  // Not in every Node 20: where it is missing, the size alone is compared (the caller has checked the whole archive).
  let crc = typeof crc32 === "function" ? 0 : undefined;
  /** @param {AsyncIterable<Buffer>} chunks */
  async function* count(chunks) {
    for await (const chunk of chunks) {
      size += chunk.length;
      if (crc !== undefined) {
        crc = crc32(chunk, crc);
      }
      yield chunk;
    }
  }
  if (entry.compressedSize > 0) {
    const packed = createReadStream(archive, { start: offset, end: offset + entry.compressedSize - 1 });
    const output = createWriteStream(target, { mode: 0o600 });
    try {
      await (entry.method === stored
        ? pipeline(packed, count, output)
        : pipeline(packed, createInflateRaw(), count, output));
    } catch (error) {
      throw new Error(`${archive}: ${entry.name} is damaged`, { cause: error });
    }
  } else {
    await open(target, "w").then((empty) => empty.close());
  }
  if (size !== entry.size || (crc !== undefined && crc !== entry.crc)) {
    throw new Error(`${archive}: ${entry.name} is damaged (its size or checksum is wrong)`);
  }
}

/**
 * @param {import("node:fs/promises").FileHandle} file
 * @param {number} position
 * @param {number} length
 */
async function readAt(file, position, length) {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
