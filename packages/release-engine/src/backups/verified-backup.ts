import type { LedgerEntry } from "@slipway/contracts";
import { backupRecords } from "./backup-records.ts";

const HOUR_MS = 3_600_000;

/** What a table could be brought back from after it was destroyed, or why it could not. */
export type VerifiedBackup = { readonly arn: string; readonly madeAt: string } | { readonly why: string };

/**
 * The newest backup of a table that the ledger knows to be good: it was restored and compared, and passed. Both it and its verification
 * have to be fresh, because what was written since it was made is lost all the same.
 *
 * @param hours how old either of the two may be
 * @param now milliseconds since the epoch, on the clock that the ledger's times are of
 */
export function verifiedBackup(
  entries: readonly LedgerEntry[],
  table: string,
  { hours, now }: { readonly hours: number; readonly now: number },
): VerifiedBackup {
  const records = backupRecords(entries.filter(({ body }) => "table" in body && body.table === table));
  const gone = new Set(entries.flatMap(({ body }) => (body.type === "backup.pruned" ? body.arns : [])));
  const made = new Map<string, number>();
  for (const { at, body } of entries) {
    if ((body.type === "backup.created" || body.type === "backup.verified") && body.table === table) {
      const known = body.type === "backup.created" ? Date.parse(at) : timeOf(body.arn);
      made.set(body.arn, made.get(body.arn) ?? known ?? Number.NEGATIVE_INFINITY);
    }
  }
  const isFresh = (time: number) => time >= now - hours * HOUR_MS;
  const there = [...made].filter(([arn]) => !gone.has(arn)).sort(([, one], [, other]) => other - one);
  const passed = there.filter(([arn]) => records.get(arn)?.passedAt !== undefined);
  const fresh = passed.find(
    ([arn, time]) => isFresh(time) && isFresh(Date.parse(records.get(arn)?.passedAt ?? new Date(0).toISOString())),
  );
  if (fresh !== undefined) {
    const [arn, time] = fresh;
    return { arn, madeAt: new Date(time).toISOString() };
  }
  if (there.length === 0) {
    return { why: "the ledger knows no backup of it" };
  }
  return passed.length === 0
    ? {
        why: `none of its backups has passed a verification (there ${there.length === 1 ? "is 1" : `are ${there.length}`})`,
      }
    : { why: `its newest verified backup, or the verification, is older than ${hours} hours` };
}

/** DynamoDB's ARN of a backup has its time: `.../backup/01489602797149-73d8d5bc`. */
function timeOf(arn: string): number | undefined {
  const [, milliseconds] = /\/backup\/(\d{14})-[0-9a-f]+$/.exec(arn) ?? [];
  return milliseconds === undefined ? undefined : Number(milliseconds);
}
