/** A period in which something was counted. */
export interface RatePoint {
  /** Beginning of the period, in milliseconds since the epoch. */
  readonly at: number;
  readonly events: number;
  readonly total: number;
}

/** A period in which something was measured. */
export interface ValuePoint {
  /** Beginning of the period, in milliseconds since the epoch. */
  readonly at: number;
  /** A latency, a duration, memory: 0 or more. */
  readonly value: number;
  /** How many measurements the value is made of. */
  readonly samples: number;
}

/** When a series counts as stable. */
export interface StabilitySettings {
  /** How often a stable series may be failed: 0.01. */
  readonly falseAlarms: number;
  /** Fewer periods with data say nothing: 6. At least 4. */
  readonly minimumPeriods: number;
  /** Values: a period of fewer measurements is left out: 5. */
  readonly minimumSamples: number;
  /** Counts: fewer units in all periods together say nothing: 100. */
  readonly minimumTotal: number;
  /** Counts: fewer events than these are no change: 3. */
  readonly minimumEvents: number;
  /** Counts: a rate that is higher by less than this is no change: 0.002. */
  readonly minimumDifference: number;
  /** Less than so many times as high as the rest is no change: 1.5. */
  readonly minimumRatio: number;
  /** Counts: a rise of the rate in the second half that has to be found: 0.05. */
  readonly mustFind: number;
  /** A rise to so many times the level in the second half has to be found: 3. */
  readonly mustFindRatio: number;
  /** Counts: with which probability: 0.8. */
  readonly power: number;
}

/** The words in which a series is told. */
export interface StabilityWords {
  /** Counts: `requests`. */
  readonly units: string;
  /** Counts: `failed`. */
  readonly events: string;
  /** Values: `the p99 latency`. */
  readonly value: string;
  /** Values: `ms`. */
  readonly unit: string;
}

/** Some of a series, held against other periods of it. */
export interface SeriesPart {
  /** A single period against all others, or all from one on against those before. */
  readonly kind: "period" | "end";
  /** Index of the period, or of the first one of the end. */
  readonly from: number;
  /** The probability at or below which it is out of line. */
  readonly limit: number;
}

/** `in the period from 2026-11-28 09:00 UTC`, `from 2026-11-28 09:00 UTC on`. */
export function partInWords({ kind, from }: SeriesPart, points: readonly { readonly at: number }[]): string {
  const time = `${new Date(points[from]?.at ?? 0).toISOString().slice(0, 16).replace("T", " ")} UTC`;
  return kind === "period" ? `in the period from ${time}` : `from ${time} on`;
}

/** `in the others`, `before`. */
export function restInWords({ kind }: SeriesPart): string {
  return kind === "period" ? "in the others" : "before";
}
