import { readFileSync } from "node:fs";
import { type PriceTable, parsePriceTable } from "@slipway/contracts";
import { UserError } from "../user-error.ts";

/**
 * Reads a price table that a person made.
 *
 * @throws UserError when it cannot be read or is not one; the message names each field
 */
export function readPriceFile(file: string): PriceTable {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, "utf8"));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UserError(`--prices: ${file} cannot be read as JSON: ${why}`, { cause });
  }
  const result = parsePriceTable(value);
  if (!result.ok) {
    throw new UserError(
      `--prices: ${file} is no price table. Correct these, then type the same command again:\n${result.problems
        .map((problem) => `  ${problem}`)
        .join("\n")}`,
    );
  }
  return result.prices;
}
