import type { Verdict } from "@slipway/contracts";

/** What a value is expected to be. */
export interface ExpectedRange {
  /** Less than this is not believed: something was not measured. */
  readonly lowest?: number;
  /** More than this fails. */
  readonly highest: number;
  /** What the value is: `cost per month`. */
  readonly name: string;
  /** `USD`. */
  readonly unit: string;
}

/** @param value - `undefined` when it is not known */
export function judgeExpectedRange(_value: number | undefined, _range: ExpectedRange): Verdict {
  throw new Error("To be written.");
}
