import { ITEM_KIND, type TableRecord } from "../../store/item-record.ts";
import type { History } from "./history.ts";

/**
 * Holds a table against the history of what its clients asked for and were told.
 *
 * - An acknowledged write is there, or a later one is: no version is acknowledged twice, the item is at least of the newest acknowledged
 *   version, and is what the write of its version made it.
 * - What was acknowledged to be deleted is gone; what is gone was asked to be deleted at a version that is not older than any acknowledged.
 * - Each key has created at most one item, and has been answered with that one only.
 *
 * @returns what is wrong
 */
export function judgeHistory(history: History, records: readonly TableRecord[]): string[] {
  const items = new Map(
    records.filter(({ kind }) => kind?.S === ITEM_KIND).map((record) => [record.id?.S ?? "", record]),
  );
  return [
    ...history.wrong,
    ...judgeCreations(history, [...items.values()]),
    ...[...idsOf(history, items)].flatMap((id) => judgeItem(history, id, items.get(id))),
  ];
}

function idsOf({ creations, changes }: History, items: ReadonlyMap<string, TableRecord>): Set<string> {
  return new Set([...items.keys(), ...creations.flatMap(({ ids }) => [...ids]), ...changes.map(({ id }) => id)]);
}

function judgeCreations({ creations, deletions }: History, items: readonly TableRecord[]): string[] {
  const wrong: string[] = [];
  const byKey = Map.groupBy(items, ({ attributes }) => attributes?.M?.key?.S ?? "");
  for (const { key, outcome, ids } of creations) {
    const created = new Set([...(byKey.get(key) ?? []).map(({ id }) => id?.S ?? ""), ...ids]);
    if (created.size > 1) wrong.push(`${key} has created ${[...created].join(" and ")}`);
    const [id = ""] = ids;
    const isThere = byKey.has(key) || deletions.some((deletion) => deletion.id === id);
    if (outcome === "acknowledged" && !isThere) wrong.push(`${key} was acknowledged, and its item is lost`);
  }
  const keys = new Set(creations.map(({ key }) => key));
  return [...wrong, ...[...byKey.keys()].filter((key) => !keys.has(key)).map((key) => `nobody has asked for ${key}`)];
}

function judgeItem({ changes, deletions, creations }: History, id: string, record: TableRecord | undefined): string[] {
  const wrong: string[] = [];
  const own = changes.filter((change) => change.id === id);
  const acknowledged = own.filter(({ outcome }) => outcome === "acknowledged");
  for (const [version, writes] of Map.groupBy(acknowledged, (change) => change.version + 1)) {
    if (writes.length > 1) wrong.push(`${id}: version ${version} was acknowledged ${writes.length} times`);
  }
  const newest = Math.max(1, ...acknowledged.map(({ version }) => version + 1));
  const removals = deletions.filter((deletion) => deletion.id === id);

  if (record === undefined) {
    const isExplained = removals.some(({ version }) => version >= newest);
    if (!isExplained) wrong.push(`${id}: is gone, and nobody has asked for it at version ${newest} or later`);
    return wrong;
  }
  if (removals.some(({ outcome }) => outcome === "acknowledged")) wrong.push(`${id}: is there after its deletion`);
  const version = Number(record.version?.N);
  if (version < newest) wrong.push(`${id}: is of version ${version}, and version ${newest} was acknowledged`);
  for (let each = 2; each <= version; each++) {
    const asked = own.filter((change) => change.version + 1 === each);
    if (asked.every(({ outcome }) => outcome === "refused")) {
      wrong.push(`${id}: version ${each} is there, and nobody has asked for it who was not refused`);
    }
  }
  const name = record.name?.S ?? "";
  const writer = acknowledged.find((change) => change.version + 1 === version);
  const allowed =
    version === 1
      ? creations.map(({ key }) => `created under ${key}`)
      : (writer === undefined ? own.filter((change) => change.version + 1 === version) : [writer]).map(
          (each) => each.name,
        );
  if (!allowed.includes(name))
    wrong.push(`${id}: version ${version} is "${name}", which is none of ${allowed.join(", ")}`);
  return wrong;
}
