import { ReleaseError } from "../release-error.ts";

/** A ledger whose entries are not what was written. */
export class BrokenLedgerError extends ReleaseError {
  /** Of the first entry that is not what it should be; 0 where it is the head. */
  readonly sequence: number;

  constructor(
    environment: string,
    sequence: number,
    why: string,
    next = `find out who wrote to the table past Slipway (CloudTrail), and restore it to a time before (point-in-time recovery); slipway ledger verify ${environment} looks again`,
  ) {
    const where = sequence === 0 ? "its head" : `entry ${sequence}`;
    super({ kind: "failed", what: `The ledger of ${environment} is broken at ${where}`, why, next });
    this.sequence = sequence;
  }
}
