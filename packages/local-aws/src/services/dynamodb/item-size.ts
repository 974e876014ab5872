import { type AttributeValue, type Item, typeOf } from "./attribute-value.ts";

/** The largest item that DynamoDB keeps, in bytes. */
export const MAX_ITEM_BYTES = 400 * 1024;

/**
 * The size of an item in bytes, as DynamoDB counts it: attribute names and values in UTF-8, numbers at about one byte for
 * two digits, three bytes for a list or map and one for each of its elements.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemSize(item: Item): number {
  let bytes = 0;
  for (const name in item) {
    bytes += Buffer.byteLength(name) + valueSize(item[name] as AttributeValue);
  }
  return bytes;
}

function valueSize(value: AttributeValue): number {
  switch (typeOf(value)) {
    case "S":
      return Buffer.byteLength(value.S ?? "");
    case "N":
      return numberSize(value.N ?? "0");
    case "B":
      return base64Size(value.B ?? "");
    case "SS":
      return sum(value.SS ?? [], (text) => Buffer.byteLength(text));
    case "NS":
      return sum(value.NS ?? [], numberSize);
    case "BS":
      return sum(value.BS ?? [], base64Size);
    case "L":
      return 3 + sum(value.L ?? [], (element) => 1 + valueSize(element));
    case "M":
      return 3 + Object.keys(value.M ?? {}).length + itemSize(value.M ?? {});
    default:
      return 1;
  }
}

function sum<T>(values: readonly T[], size: (value: T) => number): number {
  return values.reduce((total, value) => total + size(value), 0);
}

function base64Size(text: string): number {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return (text.length / 4) * 3 - padding;
}

function numberSize(text: string): number {
  const digits = text.replace(/[-.]/g, "").replace(/^0+/, "").replace(/0+$/, "").length;
  return digits === 0 ? 1 : 1 + Math.ceil(digits / 2) + (text.startsWith("-") ? 1 : 0);
}

/** Write capacity units of writing an item of so many bytes: one for each started KB, at least one. */
export function writeUnits(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 1024));
}

/** Read capacity units of reading so many bytes: one (half of it when eventually consistent) for each started 4 KB, at least one. */
export function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);
}
