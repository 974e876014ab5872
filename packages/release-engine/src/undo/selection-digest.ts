import { createHash } from "node:crypto";
import type { DocumentRecord } from "@slipway/contracts";
import { canonicalRecord } from "./canonical-record.ts";
import type { WindowChange } from "./window-change.ts";

const MASK = (1n << 256n) - 1n;

/**
 * A digest over changes, their keys and both images, in whatever order they come: an export has none. The SHA-256 of the changes are added
 * up, modulo 2^256.
 */
export class SelectionDigest {
  #sum = 0n;
  #items = 0;

  add({ key, before, after }: WindowChange): void {
    const text = [key, before, after].map(imageText).join("\n");
    this.#sum = (this.#sum + BigInt(`0x${createHash("sha256").update(text).digest("hex")}`)) & MASK;
    this.#items += 1;
  }

  /** 64 hexadecimal digits. */
  digest(): string {
    return createHash("sha256")
      .update(`${this.#items}:${this.#sum.toString(16)}`)
      .digest("hex");
  }
}

function imageText(image: DocumentRecord | undefined): string {
  return image === undefined ? "-" : canonicalRecord(image);
}
