import { isOfReleases, type LedgerBody, type LedgerEntry } from "@slipway/contracts";

/** Something that was done to an environment beside its releases, such as a backup. */
export interface Operation {
  /** Of its entry in the ledger. */
  readonly sequence: number;
  /** ISO time. */
  readonly at: string;
  readonly by: string;
  /** One line. */
  readonly what: string;
  readonly body: LedgerBody;
}

/** The entry that says that something has begun, by that which says that it is over. */
const BEGUN_BY: Readonly<Partial<Record<LedgerBody["type"], LedgerBody["type"]>>> = {
  "state.restored": "state.restoring",
  "backup.verified": "backup.verifying",
  "backup.pruned": "backup.pruning",
};

/**
 * What entries tell of work beside releases, oldest first. Where the end of something is written down, its beginning is left out. A kind
 * of entry that has no words here is named by its type: nothing that was done is kept back.
 */
export function operationsOf(entries: readonly LedgerEntry[]): Operation[] {
  const operations: Operation[] = [];
  for (const { sequence, at, by, release, body } of entries) {
    if (release !== null || isOfReleases(body.type)) {
      continue;
    }
    const begun = operations.findLastIndex((each) => each.body.type === BEGUN_BY[body.type]);
    if (begun >= 0) {
      operations.splice(begun, 1);
    }
    operations.push({ sequence, at, by: by.name, what: wordsOf(body), body });
  }
  return operations;
}

const NO_END = "and nobody wrote down how it ended";

function wordsOf(body: LedgerBody): string {
  switch (body.type) {
    case "state.backed-up":
      return `Terraform state copied: ${body.name} (serial ${body.serial})`;
    case "state.restoring":
      return `Terraform state of ${body.from} is put back as serial ${body.serial}, ${NO_END}`;
    case "state.restored":
      return `Terraform state of ${body.from} put back as serial ${body.serial}`;
    case "backup.created":
      return `table ${body.table} backed up: ${body.name}${body.items === null ? "" : `, ${counted(body.items, "item")}`}`;
    case "backup.verifying":
      return `backup of table ${body.table} is restored to ${body.temporaryTable} to be verified, ${NO_END}`;
    case "backup.verified":
      return `backup of table ${body.table} verified: ${VERDICTS[body.verdict]}${body.items === null ? "" : `, ${counted(body.items, "item")}`}`;
    case "backup.pruning":
      return `${counted(body.arns.length, "backup")} to be deleted, ${NO_END}`;
    case "backup.pruned":
      return `${counted(body.arns.length, "backup")} deleted`;
    default:
      return body.type;
  }
}

const VERDICTS = { pass: "passed", fail: "FAILED", unknown: "UNKNOWN" } as const;

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
