import { describeProblems, type Waiver, waiverSchema } from "@slipway/contracts";
import { latestWaiverDay, UNPROVEN_FUNCTION, waivableChecks } from "@slipway/release-engine";
import { nearestNames } from "../terminal/nearest-names.ts";
import { UserError } from "../user-error.ts";
import { waivedCheck } from "./waived-check.ts";

/** What somebody types to let a check not pass. */
export interface WaiveOptions {
  readonly waive?: readonly string[];
  readonly reason?: string;
  readonly waiveUntil?: string;
}

/** How long a word holds that was given without an end: long enough for a release that goes on tomorrow. */
const DAYS = 1;
const DAY_MS = 86_400_000;

/**
 * The waivers that a command line gives.
 *
 * @param by who types
 * @param now on the target's clock, milliseconds
 * @param functions names of the environment's functions
 * @throws UserError when one has no reason, no check is meant, there is none of that name, or the last day is over or more than a year ahead
 */
export function waiversOf(
  { waive = [], reason, waiveUntil }: WaiveOptions,
  by: string,
  now: number,
  functions: readonly string[],
): Waiver[] {
  if (waive.length === 0) {
    const stray = waiveUntil !== undefined ? "--waive-until" : reason !== undefined ? "--reason" : undefined;
    if (stray !== undefined) {
      throw new UserError(`${stray}: is for --waive CHECK.`);
    }
    return [];
  }
  if (reason === undefined || reason.trim() === "") {
    throw new UserError(`--waive ${waive.join(" ")}: nobody says why. Add --reason TEXT.`);
  }
  const expires = waiveUntil ?? day(now + DAYS * DAY_MS);
  return waive.map((typed) => {
    const { check, ...about } = waivedCheck(typed);
    const given = { check, ...about, by, reason: reason.trim(), expires };
    const result = waiverSchema.safeParse(given, { reportInput: true });
    if (!result.success) {
      throw new UserError(`--waive: ${describeProblems(result.error).join("; ")}.`);
    }
    if (expires < day(now)) {
      throw new UserError(`--waive-until: ${expires} is over; it is ${day(now)} (UTC).`);
    }
    if (expires > latestWaiverDay(now)) {
      throw new UserError(
        `--waive-until: ${expires} is more than a year ahead; ${latestWaiverDay(now)} is the latest.`,
      );
    }
    if (!waivableChecks.includes(check)) {
      const [nearest] = nearestNames(check, waivableChecks);
      throw new UserError(`--waive: there is no check '${check}'. Nearest to it is ${nearest}.`);
    }
    if (check === UNPROVEN_FUNCTION && !functions.includes(about.subject ?? "")) {
      throw new UserError(
        `--waive: ${check} is answered for by function: type ${check}:FUNCTION, with one of ${functions.join(", ")}.`,
      );
    }
    return result.data;
  });
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
