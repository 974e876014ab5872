import { attributeOf, type Item } from "./attribute-value.ts";
import type { NetChange } from "./journal.ts";
import type { Table } from "./table.ts";

/** A line of an export with the place in the table of the item that it is about. */
export interface ExportLine {
  readonly key: string;
  /** A JSON document without line breaks. */
  readonly line: string;
  /** Bytes that are charged for. */
  readonly bytes: number;
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
 * Old images are left out for the view `NEW_IMAGE`.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html#incremental-export-output
 */
export async function* exportedChanges(
  changes: AsyncIterable<NetChange>,
  table: Table,
  view: "NEW_IMAGE" | "NEW_AND_OLD_IMAGES",
): AsyncGenerator<ExportLine> {
  for await (const { key, at, before, after } of changes) {
    const image = after === "" ? before : after;
    if (image !== "") {
      const members = [
        // The clock here knows milliseconds.
        `"Metadata":{"WriteTimestampMicros":{"N":"${Math.floor(at)}000"}}`,
        `"Keys":${JSON.stringify(keysOf(JSON.parse(image) as Item, table))}`,
        ...(before === "" || view === "NEW_IMAGE" ? [] : [`"OldImage":${before}`]),
        ...(after === "" ? [] : [`"NewImage":${after}`]),
      ];
      const line = `{${members.join(",")}}`;
      yield { key, line, bytes: Buffer.byteLength(line) };
    }
  }
}

function keysOf(item: Item, { record }: Table): Item {
  return Object.fromEntries(
    record.keySchema.map(({ AttributeName }) => [AttributeName, attributeOf(item, AttributeName) ?? { NULL: true }]),
  );
}
