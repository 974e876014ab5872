import { createHash } from "node:crypto";
import type { AttributeValue } from "@aws-sdk/client-dynamodb";

const MASK = (1n << 256n) - 1n;

/**
 * A digest over the items of a table, in whatever order they come: two tables have the same one if they have the same items. The SHA-256
 * of the items are added up, modulo 2^256: parts that were read side by side are added as they are.
 */
export class ItemsDigest {
  #sum = 0n;
  #items = 0;

  get items(): number {
    return this.#items;
  }

  add(item: Readonly<Record<string, AttributeValue>>): void {
    const hash = createHash("sha256").update(canonicalItem(item)).digest("hex");
    this.#sum = (this.#sum + BigInt(`0x${hash}`)) & MASK;
    this.#items += 1;
  }

  /** 64 hexadecimal digits. */
  digest(): string {
    return createHash("sha256")
      .update(`${this.#items}:${this.#sum.toString(16)}`)
      .digest("hex");
  }
}

/** One text for each item, whatever the order of its attributes and of the members of its sets. */
export function canonicalItem(item: Readonly<Record<string, AttributeValue>>): string {
  const members = Object.keys(item)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${canonicalValue(item[name] as AttributeValue)}`);
  return `{${members.join(",")}}`;
}

function canonicalValue(value: AttributeValue): string {
  if (value.M !== undefined) {
    return `{"M":${canonicalItem(value.M)}}`;
  }
  if (value.L !== undefined) {
    return `{"L":[${value.L.map(canonicalValue).join(",")}]}`;
  }
  if (value.B !== undefined) {
    return `{"B":"${Buffer.from(value.B).toString("base64")}"}`;
  }
  if (value.BS !== undefined) {
    return setOf(
      "BS",
      value.BS.map((each) => Buffer.from(each).toString("base64")),
    );
  }
  if (value.SS !== undefined) {
    return setOf("SS", value.SS);
  }
  return value.NS === undefined ? JSON.stringify(value) : setOf("NS", value.NS);
}

function setOf(type: string, members: readonly string[]): string {
  return JSON.stringify({ [type]: [...members].sort() });
}
