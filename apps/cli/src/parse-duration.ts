import { UserError } from "./user-error.ts";

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * Reads a duration as people write it: `200ms`, `30s`, `5m`, `1h30m`, `7d`.
 *
 * @param flag - named in the error
 * @returns milliseconds
 * @throws UserError when it is none
 */
export function parseDuration(text: string, flag: string): number {
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)];
  if (parts.length === 0 || parts.map(([whole]) => whole).join("") !== text) {
    throw new UserError(`${flag}: '${text}' is no duration. Write it like 200ms, 30s, 5m, 1h30m or 7d.`);
  }
  return parts.reduce((sum, [, amount, unit]) => sum + Number(amount) * (UNITS[unit ?? ""] ?? 0), 0);
}
