import type { Core } from "../../core/core.ts";
import type { Principal } from "../../core/credentials.ts";
import type { Collection } from "../../store/store.ts";

/** What an export is to have. All times are milliseconds since the epoch. */
export type ExportContent =
  | {
      readonly type: "FULL_EXPORT";
      readonly at: number;
      /** What was written before is in it. */
      readonly before: number;
    }
  | {
      readonly type: "INCREMENTAL_EXPORT";
      /** Part of the window. */
      readonly from: number;
      /** Not part of it. */
      readonly to: number;
      readonly view: "NEW_IMAGE" | "NEW_AND_OLD_IMAGES";
    };

/** Where an export is to go. */
export interface ExportTarget {
  readonly bucket: string;
  readonly prefix?: string;
  readonly bucketOwner?: string;
  readonly encryption: { readonly algorithm: "AES256" | "KMS"; readonly kmsKeyId?: string };
}

/** An export of a table to S3, as it is kept. All times are milliseconds since the epoch. */
export interface ExportRecord {
  readonly arn: string;
  /** The last part of the ARN, and the name of the export's folder. */
  readonly id: string;
  readonly startedAt: number;
  readonly table: {
    readonly name: string;
    readonly id: string;
    /** Which journal of the table: another begins when point-in-time recovery is enabled again. */
    readonly journal: string;
  };
  readonly content: ExportContent;
  readonly target: ExportTarget;
  readonly clientToken: string | undefined;
  /** What was asked for, to tell a request that is sent again from another with the same token. */
  readonly digest: string;
  /** Who asked for it: the objects are written with their rights. */
  readonly principal: Principal;
  readonly outcome?: ExportOutcome;
}

/** How an export ended. */
export type ExportOutcome =
  | {
      readonly status: "COMPLETED";
      readonly endedAt: number;
      readonly items: number;
      readonly billedBytes: number;
      /** Key of the summary manifest. */
      readonly manifest: string;
    }
  | { readonly status: "FAILED"; readonly endedAt: number; readonly code: string; readonly message: string };

/** From when on the journal must be there for an export. */
export function firstMoment({ content }: ExportRecord): number {
  return content.type === "FULL_EXPORT" ? content.before : content.from;
}

/** Exports are listed for so long. */
const LISTED_MS = 90 * 24 * 60 * 60 * 1000;

/** The exports of all tables, those that are gone included, for as long as they are listed. */
export class Exports {
  readonly #records: Collection<ExportRecord>;
  readonly #core: Core;

  constructor(core: Core) {
    this.#core = core;
    this.#records = core.store.collection<ExportRecord>("dynamodb/exports");
  }

  /** The exports of the past 90 days in the order of their ARNs. */
  recent(): ExportRecord[] {
    const oldest = this.#core.clock.now() - LISTED_MS;
    return this.#records.values().filter(({ startedAt }) => startedAt > oldest);
  }

  /** Those that have not ended. */
  underWay(): ExportRecord[] {
    return this.#records.values().filter(({ outcome }) => outcome === undefined);
  }

  /**
   * Forgets those that are not listed any more.
   *
   * @returns when the next is to be forgotten, in milliseconds since the epoch
   */
  forgetOld(): number | undefined {
    const oldest = this.#core.clock.now() - LISTED_MS;
    let next: number | undefined;
    for (const { arn, startedAt, outcome } of this.#records.values()) {
      if (startedAt > oldest) {
        next = Math.min(next ?? Number.POSITIVE_INFINITY, startedAt + LISTED_MS);
      } else if (outcome !== undefined) {
        this.#records.delete(arn);
      }
    }
    return next;
  }

  find(arn: string): ExportRecord | undefined {
    return this.#records.get(arn);
  }

  put(record: ExportRecord): void {
    this.#records.put(record.arn, record);
  }
}
