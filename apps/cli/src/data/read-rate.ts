import type { MigrationRate } from "@slipway/release-engine";
import { UserError } from "../user-error.ts";

/**
 * Reads `--rate`: `500` or `500/s` are records per second, `50cu` or `50cu/s` are capacity units per second.
 *
 * @throws UserError when it is neither
 */
export function readRate(text: string | undefined): MigrationRate | undefined {
  if (text === undefined) {
    return undefined;
  }
  const [, number = "", unit] = /^(\d+(?:\.\d+)?)(cu)?(?:\/s)?$/.exec(text.trim()) ?? [];
  const perSecond = Number(number);
  if (number === "" || perSecond <= 0) {
    throw new UserError(`--rate: '${text}' is neither records (500) nor capacity units (50cu) per second.`);
  }
  return { perSecond, unit: unit === undefined ? "records" : "capacity-units" };
}
