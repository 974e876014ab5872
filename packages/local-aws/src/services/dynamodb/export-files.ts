import { createHash, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import type { ExportLine } from "./export-changes.ts";

const compress = promisify(gzip);

/** A new table on AWS has so many partitions, and an export a file for each at least, be it empty. */
const PARTITIONS = 4;
/** A file has so many characters at most before it is compressed: what is held in memory. */
const LARGEST_FILE = 16 * 1024 * 1024;

/** A line of `manifest-files.json`. */
export interface DataFile {
  readonly itemCount: number;
  /** Of the file as it is in the bucket, in base64. */
  readonly md5Checksum: string;
  readonly etag: string;
  readonly dataFileS3Key: string;
}

/** Gathers lines, and writes a file whenever there is enough for one. Lines must come in the order of their keys. */
export class ExportFiles {
  readonly #upload: (name: string, body: Uint8Array) => Promise<{ key: string; etag: string }>;
  readonly #files: DataFile[] = [];
  #lines: string[] = [];
  #length = 0;
  #partition = 0;

  /** @param upload writes a data file and says under which key */
  constructor(upload: (name: string, body: Uint8Array) => Promise<{ key: string; etag: string }>) {
    this.#upload = upload;
  }

  async add({ key, line }: Pick<ExportLine, "key" | "line">): Promise<void> {
    const partition = partitionOf(key);
    while (this.#partition < partition) {
      await this.#endPartition();
    }
    if (this.#length > 0 && this.#length + line.length > LARGEST_FILE) {
      await this.#write();
    }
    this.#lines.push(line);
    this.#length += line.length + 1;
  }

  /** Writes what is left. @returns all files */
  async finish(): Promise<readonly DataFile[]> {
    while (this.#partition < PARTITIONS) {
      await this.#endPartition();
    }
    return this.#files;
  }

  async #endPartition(): Promise<void> {
    await this.#write();
    this.#partition += 1;
  }

  async #write(): Promise<void> {
    const lines = this.#lines;
    this.#lines = [];
    this.#length = 0;
    const body = await compress(lines.map((line) => `${line}\n`).join(""));
    const { key, etag } = await this.#upload(`${fileId()}.json.gz`, body);
    const md5Checksum = md5Base64(body);
    this.#files.push({ itemCount: lines.length, md5Checksum, etag, dataFileS3Key: key });
  }
}

/** The MD5 of some bytes, as manifests have it. */
export function md5Base64(bytes: Uint8Array | string): string {
  return createHash("md5").update(bytes).digest("base64");
}

/** Places begin with the hash of the partition key in hexadecimal. */
function partitionOf(key: string): number {
  const digit = Number.parseInt(key.charAt(0), 16);
  return Number.isNaN(digit) ? 0 : Math.floor((digit * PARTITIONS) / 16);
}

function fileId(): string {
  return Array.from(randomBytes(26), (byte) => "abcdefghijklmnopqrstuvwxyz234567".charAt(byte % 32)).join("");
}
