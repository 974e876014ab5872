import type { RollbackPart } from "@slipway/contracts";

/** Parts as they are typed after the environment's name, each with a space before it: nothing for the code alone. */
export function partWords(parts: readonly RollbackPart[]): string {
  return parts.includes("infrastructure") ? parts.map((part) => ` ${part}`).join("") : "";
}
