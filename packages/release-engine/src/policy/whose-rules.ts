import type { ReleaseRecord } from "../ledger/release-record.ts";

/**
 * The release whose rules count while another one has the traffic: itself, and for a rollback the one that it was made from. What a rollback
 * brings back is code and infrastructure; the rules of the commit that they are of were changed since, by what people had to approve, and
 * nobody has approved that they come back.
 *
 * @param records all releases of the environment, oldest first
 */
export function whoseRules(records: readonly ReleaseRecord[], record: ReleaseRecord): ReleaseRecord {
  const { rollsBack } = record.plan;
  const before = records.slice(
    0,
    records.findIndex(({ id }) => id === record.id),
  );
  const from = rollsBack && before.find(({ id }) => id === rollsBack.from);
  return from === undefined ? record : whoseRules(before, from);
}
