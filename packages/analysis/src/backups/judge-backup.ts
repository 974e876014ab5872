import type { Evidence } from "@slipway/contracts";

/** What a table is made of, in texts that can be compared. */
export interface TableStructure {
  /** `id HASH, createdAt RANGE`. */
  readonly key: string;
  /** Indexes by name: `status HASH, createdAt RANGE; ALL`. */
  readonly indexes: Readonly<Record<string, string>>;
}

/** How many of the keys that were chosen by chance in one table the other one has. */
export interface SampleOverlap {
  readonly asked: number;
  readonly found: number;
}

/** What a restore of a backup showed. */
export interface BackupFacts {
  readonly table: string;
  readonly backup: string;
  /** What DynamoDB wrote down when it was made; its count of items is up to six hours old. */
  readonly described: { readonly items: number | null; readonly structure: TableStructure };
  readonly restored: { readonly items: number; readonly digest: string; readonly structure: TableStructure };
  /** The digest of an earlier verification of the same backup. */
  readonly earlierDigest?: string;
  /** The table that it is of, as it is now; undefined where it is gone. */
  readonly live?: {
    readonly structure: TableStructure;
    /** Keys of the restored table, looked for in the live one: what is missing was deleted since, or should never have been. */
    readonly restoredInLive: SampleOverlap;
    /** Keys of the live table, looked for in the restored one: what is missing was made since, or was not backed up. */
    readonly liveInRestored: SampleOverlap;
  };
}

/** A count that is hours old says so much and no more. */
const COUNT_TOLERANCE = 0.1;
/** Below this share of common keys nobody can tell a table that was damaged from a backup that is wrong, or old. */
const LEAST_SHARE = 0.5;

type Judged = Omit<Evidence, "at" | "subject">;

/**
 * Judges whether a backup can be relied on: it was restored, it is what was backed up, and it fits the table that it would replace.
 *
 * @param now milliseconds since the epoch
 */
export function judgeBackup(facts: BackupFacts, now: number): readonly Evidence[] {
  const at = new Date(now).toISOString();
  return [judgeStructure(facts), judgeCount(facts), ...judgeDigest(facts), ...judgeAgainstTable(facts)].map((each) => ({
    ...each,
    subject: facts.table,
    at,
  }));
}

/** One word for all of it: what is not known is never a pass. */
export function backupVerdict(evidence: readonly Evidence[]): "pass" | "fail" | "unknown" {
  if (evidence.some(({ status }) => status === "fail")) {
    return "fail";
  }
  return evidence.length > 0 && evidence.every(({ status }) => status === "pass") ? "pass" : "unknown";
}

function judgeStructure({ described, restored }: BackupFacts): Judged {
  const base = { check: "backup.structure", title: "The restored table has the keys and indexes that were backed up" };
  const differences = differencesOf(described.structure, restored.structure);
  return differences.length === 0
    ? { ...base, status: "pass", found: `key ${restored.structure.key}, ${indexWords(restored.structure)}` }
    : { ...base, status: "fail", found: differences.join("; "), next: "make another backup; report this one to AWS" };
}

function judgeCount({ backup, described, restored }: BackupFacts): Judged {
  const base = { check: "backup.count", title: "The restored table has as many items as were backed up" };
  const found = `${count(restored.items)} counted in the restored table; DynamoDB's own count when the backup was made: ${
    described.items === null ? "none" : described.items.toLocaleString("en-US")
  } (up to six hours old)`;
  if (described.items === null) {
    return {
      ...base,
      status: "unknown",
      found,
      next: `look at it: aws dynamodb describe-backup --backup-arn ${backup}`,
    };
  }
  if (restored.items === 0 && described.items > 0) {
    return { ...base, status: "fail", found, next: "make another backup, and verify it" };
  }
  if (restored.items === 0) {
    return {
      ...{ ...base, status: "unknown", found: `it holds nothing; ${found}` },
      next: "verify it again when the table has items: an empty backup shows nothing of what would be restored",
    };
  }
  const isNear = Math.abs(restored.items - described.items) <= described.items * COUNT_TOLERANCE;
  return isNear
    ? { ...base, status: "pass", found }
    : { ...base, status: "unknown", found, next: "if the table did not grow or shrink like that, make another backup" };
}

function judgeDigest({ restored, earlierDigest }: BackupFacts): Judged[] {
  if (earlierDigest === undefined) {
    return [];
  }
  const base = { check: "backup.digest", title: "It restores to the same items as at its earlier verification" };
  return earlierDigest === restored.digest
    ? [{ ...base, status: "pass", found: `digest ${restored.digest}` }]
    : [
        {
          ...{ ...base, status: "fail" as const, found: `digest ${restored.digest}, and ${earlierDigest} before` },
          next: "do not rely on this backup; make another one",
        },
      ];
}

function judgeAgainstTable({ table, restored, live }: BackupFacts): Judged[] {
  const fits = { check: "backup.fits-table", title: "The table that it would replace has the same keys and indexes" };
  if (live === undefined) {
    const next =
      "nothing can be compared with it; what was restored is as it was backed up, where the other checks pass";
    return [{ ...fits, status: "unknown", found: `the table ${table} is not there`, next }];
  }
  const differences = differencesOf(live.structure, restored.structure);
  return [
    differences.length === 0
      ? { ...fits, status: "pass", found: `key ${live.structure.key}, ${indexWords(live.structure)}` }
      : {
          ...{ ...fits, status: "fail", found: differences.join("; ") },
          next: "the table changed since the backup: make a new one",
        },
    judgeSample(live.restoredInLive, {
      ...{ check: "backup.sample-in-table", title: "Items of the backup are in the table" },
      ...{ missing: "deleted since, or not there by mistake", of: "the backup" },
    }),
    judgeSample(live.liveInRestored, {
      ...{ check: "backup.sample-in-backup", title: "Items of the table are in the backup" },
      ...{ missing: "made since", of: "the table" },
    }),
  ];
}

function judgeSample(
  { asked, found: there }: SampleOverlap,
  { check, title, missing, of }: Readonly<Record<"check" | "title" | "missing" | "of", string>>,
): Judged {
  const found = `${there} of ${count(asked, "key")} chosen by chance${there === asked ? "" : `; the others were ${missing}`}`;
  if (asked === 0) {
    return {
      ...{ check, title, status: "unknown", found: `${of} holds nothing that could be looked for` },
      next: "if it should hold items, find out who deleted them",
    };
  }
  return there / asked >= LEAST_SHARE
    ? { check, title, status: "pass", found }
    : {
        ...{ check, title, status: "unknown", found },
        next: "if the table did not lose or gain that much, make a new backup; if it did, this one may be what is needed",
      };
}

/** What the second lacks, or has otherwise, or has on top. */
function differencesOf(wanted: TableStructure, seen: TableStructure): string[] {
  const names = [...new Set([...Object.keys(wanted.indexes), ...Object.keys(seen.indexes)])].sort();
  return [
    ...(wanted.key === seen.key ? [] : [`key ${seen.key}, and not ${wanted.key}`]),
    ...names.flatMap((name) => {
      const [expected, actual] = [wanted.indexes[name], seen.indexes[name]];
      if (expected === actual) {
        return [];
      }
      return expected === undefined
        ? [`has the index ${name}, which it should not`]
        : [actual === undefined ? `lacks the index ${name}` : `index ${name} is ${actual}, and not ${expected}`];
    }),
  ];
}

function indexWords({ indexes }: TableStructure): string {
  const names = Object.keys(indexes);
  return names.length === 0 ? "no indexes" : `indexes ${names.join(", ")}`;
}

function count(items: number, of = "item"): string {
  return `${items.toLocaleString("en-US")} ${of}${items === 1 ? "" : "s"}`;
}
