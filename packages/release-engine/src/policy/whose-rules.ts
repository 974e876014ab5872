import type { ReleaseRecord } from "../ledger/release-record.ts";

/**
 * The release whose rules count while another one has the traffic: itself; for a rollback the one that it was made from; and where a later
 * one was live and put back, that one. What goes back either way is code and infrastructure; the rules of the commit that they are of were
 * changed since, by what people had to approve, and nobody has approved that they come back.
 *
 * @param records all releases of the environment, oldest first
 */
export function whoseRules(records: readonly ReleaseRecord[], record: ReleaseRecord): ReleaseRecord {
  const place = records.findIndex(({ id }) => id === record.id);
  const putBack = records.findLastIndex(({ state, wasLive }) => state === "put-back" && wasLive === true);
  const later = records[putBack];
  if (later !== undefined && putBack > place) {
    return whoseRules(records.slice(0, putBack + 1), later);
  }
  const { rollsBack } = record.plan;
  const before = records.slice(0, place);
  const from = rollsBack && before.find(({ id }) => id === rollsBack.from);
  return from === undefined ? record : whoseRules(before, from);
}
