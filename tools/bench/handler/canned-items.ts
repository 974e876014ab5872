/** A value as DynamoDB's JSON writes it. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly BOOL: boolean }
  | { readonly M: Readonly<Record<string, AttributeValue>> };

/** The id of an item that the stub has, as it has every other. */
export function itemId(number: number): string {
  return `0a4f8c1e-5b7d-4e2a-8000-${String(number).padStart(12, "0")}`;
}

/** An item's record as the API stores it, version 1. */
export function cannedRecord(id: string): Readonly<Record<string, AttributeValue>> {
  const time = { S: "2026-01-01T00:00:00.000Z" };
  return {
    id: { S: id },
    kind: { S: "item" },
    name: { S: "Garden chair" },
    description: { S: "A folding chair of oiled ash, with brass hinges. ".repeat(3) },
    status: { S: "active" },
    attributes: { M: { colour: { S: "green" }, weightKg: { N: "4.5" }, foldable: { BOOL: true } } },
    createdAt: time,
    updatedAt: time,
    version: { N: "1" },
    writeId: { S: "6e0ed5a5-3a3e-4a4b-9a39-0d4b8e6f0d6c" },
  };
}
