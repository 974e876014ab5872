import type { DocumentRecord, RecordFilter } from "@slipway/contracts";

/** Whether a record matches, as DynamoDB's filter expression would say: an attribute that is NULL is there. */
export function matchesFilter(record: DocumentRecord, filter: RecordFilter | undefined): boolean {
  const { present = [], missing = [], equals = {} } = filter ?? {};
  return (
    present.every((name) => Object.hasOwn(record, name)) &&
    missing.every((name) => !Object.hasOwn(record, name)) &&
    Object.entries(equals).every(([name, value]) => Object.hasOwn(record, name) && record[name] === value)
  );
}
