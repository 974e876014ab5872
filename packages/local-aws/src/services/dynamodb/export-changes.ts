import { attributeOf, type Item } from "./attribute-value.ts";
import type { ItemChangeRecord } from "./journal.ts";
import type { Table } from "./table.ts";

/** A line of an export with the place in the table of the item that it is about. */
export interface ExportLine {
  readonly key: string;
  /** A JSON document without line breaks. */
  readonly line: string;
  /** Bytes that are charged for. */
  readonly bytes: number;
}

interface NetChange {
  /** When it was changed last. */
  at: number;
  readonly before: string | undefined;
  after: string | undefined;
}

/**
 * The lines of an incremental export: for each item that was changed one, from the first image before to the last after. An item that was
 * made and deleted again has none.
 *
 *     insert          Keys, NewImage
 *     update          Keys, OldImage, NewImage
 *     delete          Keys, OldImage
 *     insert, delete  nothing
 *
 * Old images are left out for the view `NEW_IMAGE`. Memory grows with the items that were changed.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html#incremental-export-output
 */
export async function* exportedChanges(
  changes: AsyncIterable<ItemChangeRecord>,
  table: Table,
  view: "NEW_IMAGE" | "NEW_AND_OLD_IMAGES",
): AsyncGenerator<ExportLine> {
  const byKey = new Map<string, NetChange>();
  for await (const { key, at, before, after } of changes) {
    const known = byKey.get(key);
    if (known === undefined) {
      byKey.set(key, { at, before: textOf(before), after: textOf(after) });
    } else {
      known.at = at;
      known.after = textOf(after);
    }
  }
  for (const key of [...byKey.keys()].sort()) {
    const { at, before, after } = byKey.get(key) as NetChange;
    const image = after ?? before;
    if (image !== undefined) {
      const members = [
        // The clock here knows milliseconds.
        `"Metadata":{"WriteTimestampMicros":{"N":"${Math.floor(at)}000"}}`,
        `"Keys":${JSON.stringify(keysOf(JSON.parse(image) as Item, table))}`,
        ...(before === undefined || view === "NEW_IMAGE" ? [] : [`"OldImage":${before}`]),
        ...(after === undefined ? [] : [`"NewImage":${after}`]),
      ];
      const line = `{${members.join(",")}}`;
      yield { key, line, bytes: Buffer.byteLength(line) };
    }
  }
}

function textOf(item: Item | undefined): string | undefined {
  return item === undefined ? undefined : JSON.stringify(item);
}

function keysOf(item: Item, { record }: Table): Item {
  return Object.fromEntries(
    record.keySchema.map(({ AttributeName }) => [AttributeName, attributeOf(item, AttributeName) ?? { NULL: true }]),
  );
}
