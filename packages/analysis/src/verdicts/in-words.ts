import type { ComparisonWords, RatePair, RateSample, RateWords } from "./rate-sample.ts";

/** What is said where the policy says nothing else. */
export const DEFAULT_WORDS: ComparisonWords = {
  units: "requests",
  events: "failed",
  candidate: "the candidate",
  baseline: "the baseline",
};

/** Chances below this are told as "less than" it. */
const SMALLEST_CHANCE = 1e-6;

/** `1,802`, `0.5`, `11.8`: as many digits as somebody wants to read. */
export function numberInWords(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000 || Number.isInteger(value)) {
    return value.toFixed(0).replace(/\B(?=(?:\d{3})+$)/g, ",");
  }
  const digits = size >= 1 ? 1 : Math.min(100, 1 - Math.floor(Math.log10(size)));
  return value.toFixed(digits).replace(/\.?0+$/, "");
}

/** `0.5 %`, `5.9 %`. Only all is 100 %. */
export function percentInWords(share: number): string {
  const percent = share * 100;
  return `${percent > 99.9 && percent < 100 ? "99.9" : numberInWords(Number(percent.toPrecision(12)))} %`;
}

/** The beginning of a sentence. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `in 0.3 % of cases`. */
export function chanceInWords(probability: number): string {
  return probability < SMALLEST_CHANCE
    ? `in less than ${percentInWords(SMALLEST_CHANCE)} of cases`
    : `in ${percentInWords(probability)} of cases`;
}

/** A difference of two rates: `5.4 points`, which are percentage points. */
export function pointsInWords(difference: number): string {
  return numberInWords(Number((difference * 100).toPrecision(12)));
}

/** `12 of 203 requests (5.9 %) failed`. */
export function rateInWords({ events, total }: RateSample, words: RateWords): string {
  return `${numberInWords(events)} of ${numberInWords(total)} ${words.units}${shareInWords(events, total)} ${words.events}`;
}

/** `9 of 1,802 (0.5 %)`. */
export function sampleInWords({ events, total }: RateSample): string {
  return `${numberInWords(events)} of ${numberInWords(total)}${shareInWords(events, total)}`;
}

/** `12 of 203 requests (5.9 %) failed on the candidate against 9 of 1,802 (0.5 %) on the baseline`. */
export function sidesInWords({ candidate, baseline }: RatePair, words: ComparisonWords): string {
  return `${rateInWords(candidate, words)} on ${words.candidate} against ${sampleInWords(baseline)} on ${words.baseline}`;
}

/** `too few to judge: each side needs 50, 30 more on the candidate`; `undefined` when there are enough. */
export function samplesMissing(
  totals: Readonly<Record<"candidate" | "baseline", { readonly total: number }>>,
  minimum: number,
  words: Pick<ComparisonWords, "candidate" | "baseline">,
): string | undefined {
  const more = (["candidate", "baseline"] as const).flatMap((side) =>
    totals[side].total < minimum ? [`${numberInWords(minimum - totals[side].total)} more on ${words[side]}`] : [],
  );
  return more.length === 0
    ? undefined
    : `too few to judge: each side needs ${numberInWords(minimum)}, ${more.join(" and ")}`;
}

function shareInWords(events: number, total: number): string {
  return total === 0 ? "" : ` (${percentInWords(events / total)})`;
}
