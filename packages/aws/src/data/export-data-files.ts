import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { StringDecoder } from "node:string_decoder";
import { createGunzip } from "node:zlib";
import { type ExportedChange, ReleaseError } from "@slipway/release-engine";
import { damagedExport } from "./damaged-export.ts";
import type { ManifestFile } from "./export-manifests.ts";
import { BrokenStream, type ExportObjects } from "./export-objects.ts";
import { exportedChange } from "./exported-change.ts";

/** A file whose bytes are those that DynamoDB wrote. */
export interface CheckedFile extends ManifestFile {
  readonly etag: string;
}

/**
 * Holds a data file against its checksum.
 *
 * @returns the file with its entity tag, by which it is read later: so it is these bytes, or an error
 * @throws {ReleaseError} that names it when it is missing or damaged
 */
export async function checkDataFile(
  objects: ExportObjects,
  file: ManifestFile,
  signal: AbortSignal | undefined,
): Promise<CheckedFile> {
  return objects.withRetries(file, signal, async () => {
    const hash = createHash("md5");
    const { etag, chunks } = await objects.open(file, signal);
    for await (const chunk of chunks) {
      hash.update(chunk);
    }
    const md5 = hash.digest("base64");
    if (md5 !== file.md5) {
      throw damagedExport(file, `its MD5 is ${md5}, and the manifest says ${file.md5}`);
    }
    return { ...file, etag };
  });
}

/**
 * The changes in a data file, as they come: no more than a few chunks of it are in memory. When the line breaks it is read again up to where
 * it was.
 *
 * @throws {ReleaseError} that names it, when it was changed, or has other than so many changes in it
 */
export async function* readDataFile(
  objects: ExportObjects,
  file: CheckedFile,
  signal: AbortSignal | undefined,
): AsyncGenerator<ExportedChange> {
  let told = 0;
  for (let attempt = 1; ; attempt += 1) {
    try {
      let number = 0;
      const { chunks } = await objects.open(file, signal, file.etag);
      for await (const line of linesOf(file, chunks)) {
        number += 1;
        if (number > file.items) {
          throw damagedExport(file, `it has more than the ${file.items} items that the manifest says`);
        }
        if (number > told) {
          yield changeOf(file, line, number);
          told = number;
        }
      }
      if (number < file.items) {
        throw damagedExport(file, `it has ${number} items, and the manifest says ${file.items}`);
      }
      return;
    } catch (error) {
      objects.giveUp(error, file, attempt, signal);
    }
  }
}

function changeOf(file: ManifestFile, line: string, number: number): ExportedChange {
  try {
    return exportedChange(line);
  } catch (error) {
    throw damagedExport(file, `line ${number}: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

async function* linesOf(file: ManifestFile, chunks: AsyncGenerator<Uint8Array, void>): AsyncGenerator<string> {
  const gunzip = createGunzip();
  const unpacked = pipeline(Readable.from(chunks), gunzip);
  unpacked.catch(() => {});
  const decoder = new StringDecoder("utf8");
  let rest = "";
  try {
    for await (const chunk of gunzip as AsyncIterable<Buffer>) {
      const lines = (rest + decoder.write(chunk)).split("\n");
      rest = lines.pop() ?? "";
      yield* lines.filter((line) => line !== "");
    }
    // The end of what was unpacked is no proof that all came.
    await unpacked;
  } catch (error) {
    if (error instanceof BrokenStream || error instanceof ReleaseError) {
      throw error;
    }
    throw damagedExport(
      file,
      `it cannot be unpacked: ${error instanceof Error ? error.message : String(error)}`,
      error,
    );
  } finally {
    gunzip.destroy();
    await chunks.return();
  }
  rest += decoder.end();
  if (rest !== "") {
    yield rest;
  }
}
