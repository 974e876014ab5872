import type { Verdict } from "@slipway/contracts";
import { measurementError } from "./check-numbers.ts";
import { capital, numberInWords } from "./in-words.ts";

/** What a value is expected to be. */
export interface ExpectedRange {
  /** What the value is: `the cost per month`. */
  readonly name: string;
  /** `USD`. */
  readonly unit: string;
  /** More than this fails. */
  readonly highest: number;
  /** Less than this is not believed: probably not everything was measured. */
  readonly lowest?: number;
}

/**
 * Whether a value, such as a cost, is within its expected range.
 *
 * @param value - `undefined` when it is not known, which is inconclusive
 * @throws RangeError for a range that is none
 */
export function judgeExpectedRange(value: number | undefined, range: ExpectedRange): Verdict {
  const { name, unit, highest, lowest } = range;
  if (!(Number.isFinite(highest) && (lowest === undefined || (Number.isFinite(lowest) && lowest <= highest)))) {
    throw new RangeError(
      `judgeExpectedRange: ${lowest ?? ""}..${highest} is no range. Give finite numbers, the lower first.`,
    );
  }
  const limits = { highest, ...(lowest === undefined ? {} : { lowest }) };
  const expected =
    lowest === undefined
      ? `at most ${amount(highest)} ${unit} is expected`
      : `${amount(lowest)} to ${amount(highest)} ${unit} is expected`;
  if (value === undefined) {
    return { status: "inconclusive", reason: `${capital(name)} is not known; ${expected}.`, numbers: limits };
  }
  if (!Number.isFinite(value)) {
    return measurementError(`${name} is ${value}`);
  }
  const numbers = { value, ...limits };
  const seen = `${capital(name)} is ${amount(value)} ${unit}; ${expected}`;
  if (value > highest) {
    return { status: "failed", reason: `${seen}, ${amount(value - highest)} less.`, numbers };
  }
  if (lowest !== undefined && value < lowest) {
    return { status: "inconclusive", reason: `${seen}: so little may mean that not all was measured.`, numbers };
  }
  return { status: "successful", reason: `${seen}.`, numbers };
}

/** Two digits after the point, as money has them, or as many as a small amount needs. */
function amount(value: number): string {
  return Math.abs(value) < 1 && value !== 0
    ? numberInWords(value)
    : value.toLocaleString("en-US", { maximumFractionDigits: 2 });
}
