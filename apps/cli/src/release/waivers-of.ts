import { describeProblems, type Waiver, waiverSchema } from "@slipway/contracts";
import { latestWaiverDay, UNPROVEN_FUNCTION, waivableChecks } from "@slipway/release-engine";
import { nearestNames } from "../terminal/nearest-names.ts";
import { UserError } from "../user-error.ts";

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
 * @throws UserError when one has no reason, no check is meant, there is none of that name, or the last day is over or more than a year ahead
 */
export function waiversOf({ waive = [], reason, waiveUntil }: WaiveOptions, by: string, now: number): Waiver[] {
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
  return waive.map((check) => {
    const result = waiverSchema.safeParse({ check, by, reason: reason.trim(), expires }, { reportInput: true });
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
    if (check === UNPROVEN_FUNCTION) {
      throw new UserError(
        `--waive: ${check} is answered for by function. Write it into release.waivers of slipway.config.ts, with the function as its subject.`,
      );
    }
    return result.data;
  });
}

function day(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
