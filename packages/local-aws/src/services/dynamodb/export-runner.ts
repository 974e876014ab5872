import { randomUUID } from "node:crypto";
import { AwsError } from "../../core/aws-error.ts";
import type { Cancel } from "../../core/clock.ts";
import type { ObjectWriter } from "../../core/ports.ts";
import type { Item } from "./attribute-value.ts";
import type { DataPlane } from "./data-plane.ts";
import { type ExportLine, exportedChanges } from "./export-changes.ts";
import { ExportFiles, md5Base64 } from "./export-files.ts";
import { exportKeys, filesManifest, summaryManifest } from "./export-manifest.ts";
import type { ExportOutcome, ExportRecord, Exports } from "./export-records.ts";
import { itemSize } from "./item-size.ts";
import type { Table } from "./table.ts";

/** How long an export is under way on the clock at least. On AWS it takes five minutes and more. */
export const EXPORT_MS = 2000;
/** Incremental exports are charged for at least so many bytes. */
const LEAST_BILLED_BYTES = 10_000_000;

interface RunnerOptions {
  readonly plane: DataPlane;
  readonly exports: Exports;
  readonly objects: ObjectWriter;
  readonly log: (line: string) => void;
}

/**
 * Carries exports out. What an export will have is settled when it starts, because it is all past; it is read from the journal when the
 * clock says that the export is through:
 *
 *     IN_PROGRESS ── _started written ── EXPORT_MS later: data files, manifests ── COMPLETED
 *                         └── S3 refuses ──┴──────────────────────────────────────── FAILED
 *
 * The summary manifest is written last. An export that was under way when local AWS was stopped or killed begins again at its
 * next start, with other data files.
 */
export class ExportRunner {
  readonly #options: RunnerOptions;
  readonly #scheduled = new Set<Cancel>();
  readonly #running = new Set<Promise<void>>();
  #stopped = false;

  constructor(options: RunnerOptions) {
    this.#options = options;
  }

  /** Goes on with all that have not ended. */
  resume(): void {
    for (const record of this.#options.exports.underWay()) {
      this.start(record);
    }
  }

  start(record: ExportRecord): void {
    this.#at(record.startedAt, record, async () => {
      await this.#put(record, exportKeys(record).started, "");
      this.#at(record.startedAt + EXPORT_MS, record, () => this.#export(record));
    });
  }

  /** Stops; what is under way begins again at the next start. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const cancel of this.#scheduled) {
      cancel();
    }
    await Promise.all(this.#running);
  }

  #at(time: number, record: ExportRecord, work: () => Promise<void>): void {
    if (this.#stopped) {
      return;
    }
    const cancel = this.#options.plane.clock.schedule(time, () => {
      this.#scheduled.delete(cancel);
      const running = this.#guarded(record, work).finally(() => this.#running.delete(running));
      this.#running.add(running);
      return running;
    });
    this.#scheduled.add(cancel);
  }

  async #guarded(record: ExportRecord, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof AwsError)) {
        this.#options.log(`dynamodb: export ${record.arn}: ${error instanceof Error ? error.stack : String(error)}`);
      }
      this.#end(record, { status: "FAILED", endedAt: this.#options.plane.clock.now(), ...failureOf(error) });
    }
  }

  #end(record: ExportRecord, outcome: ExportOutcome): void {
    this.#options.exports.put({ ...record, outcome });
  }

  async #export(record: ExportRecord): Promise<void> {
    const { plane } = this.#options;
    const keys = exportKeys(record);
    const table = this.#tableOf(record);
    const files = new ExportFiles(async (name, body) => {
      const key = `${keys.data}/${name}`;
      return { key, etag: await this.#upload(record, key, body) };
    });
    let bytes = 0;
    for await (const line of this.#lines(record, table)) {
      if (this.#stopped) {
        return;
      }
      bytes += line.bytes;
      await files.add(line);
    }
    const written = await files.finish();
    // A table whose journal ended meanwhile may have been read in part.
    this.#tableOf(record);
    await this.#putWithChecksum(record, keys.files, keys.filesChecksum, filesManifest(written));
    const outcome = {
      status: "COMPLETED" as const,
      endedAt: plane.clock.now(),
      items: written.reduce((sum, { itemCount }) => sum + itemCount, 0),
      billedBytes: record.content.type === "FULL_EXPORT" ? bytes : Math.max(bytes, LEAST_BILLED_BYTES),
      manifest: keys.summary,
    };
    const summary = summaryManifest(record, plane.tables.arnOf(table.name), outcome);
    await this.#putWithChecksum(record, keys.summary, keys.summaryChecksum, summary);
    this.#end(record, outcome);
  }

  async *#lines({ content }: ExportRecord, table: Table): AsyncGenerator<ExportLine> {
    const { journal } = this.#options.plane;
    if (content.type === "INCREMENTAL_EXPORT") {
      yield* exportedChanges(journal.netChanges(table, content), table, content.view);
      return;
    }
    for await (const { key, item } of journal.placesAt(table, content.before)) {
      yield { key, line: `{"Item":${item}}`, bytes: itemSize(JSON.parse(item) as Item) };
    }
  }

  /** @throws AwsError when the table, or the journal that the export was asked for of, is gone */
  #tableOf({ table: { name, id, journal } }: ExportRecord): Table {
    const table = this.#options.plane.tables.find(name);
    if (table?.record.id !== id) {
      throw new AwsError("TableNotFoundException", `Table not found: ${name}`);
    }
    if (table.record.pointInTimeRecovery?.journal !== journal) {
      throw new AwsError(
        "PointInTimeRecoveryUnavailableException",
        `Point in time recovery was disabled for table '${name}' while it was exported`,
      );
    }
    return table;
  }

  async #putWithChecksum(record: ExportRecord, key: string, checksumKey: string, body: string): Promise<void> {
    await this.#put(record, checksumKey, md5Base64(body));
    await this.#put(record, key, body);
  }

  async #put(record: ExportRecord, key: string, body: string): Promise<void> {
    const contentType = key.endsWith(".json") ? "application/json" : "application/octet-stream";
    await this.#options.objects.put(
      { ...objectOf(record, key), body: Buffer.from(body), contentType },
      callerOf(record),
    );
  }

  async #upload(record: ExportRecord, key: string, body: Uint8Array): Promise<string> {
    const { etag } = await this.#options.objects.upload({ ...objectOf(record, key), body }, callerOf(record));
    return etag;
  }
}

function objectOf({ target: { bucket, bucketOwner, encryption } }: ExportRecord, key: string) {
  const { algorithm, kmsKeyId } = encryption;
  return {
    ...{ bucket, key, bucketOwner },
    encryption: {
      algorithm: algorithm === "KMS" ? ("aws:kms" as const) : ("AES256" as const),
      ...(kmsKeyId === undefined ? {} : { kmsKeyId }),
    },
  };
}

function callerOf({ principal }: ExportRecord) {
  return { principal, service: "dynamodb.amazonaws.com" };
}

/** S3's errors get its name before them, as DescribeExport and DescribeImport show them. */
function failureOf(error: unknown): { code: string; message: string } {
  if (!(error instanceof AwsError)) {
    return { code: "UNKNOWN", message: "Local AWS failed to carry the export out: its log says why" };
  }
  const { code, message, options } = error;
  if (code === "TableNotFoundException" || code === "PointInTimeRecoveryUnavailableException") {
    return { code, message };
  }
  const status = options.status ?? 400;
  return {
    code: `S3${code.replaceAll(".", "")}`,
    message: `${message} (Service: Amazon S3; Status Code: ${status}; Error Code: ${code}; Request ID: ${randomUUID()}; Proxy: null)`,
  };
}
