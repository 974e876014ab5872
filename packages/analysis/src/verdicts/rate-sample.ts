/** How many of how many: requests that failed among all requests. */
export interface RateSample {
  readonly events: number;
  readonly total: number;
}

/** What two versions did at the same time. */
export interface RatePair {
  readonly baseline: RateSample;
  readonly candidate: RateSample;
}

/** The words in which a rate is told. */
export interface RateWords {
  /** What was counted: `requests`. */
  readonly units: string;
  /** What happened to some of them: `failed`. */
  readonly events: string;
}

/** The words in which a comparison is told. */
export interface ComparisonWords extends RateWords {
  /** `the candidate`, `version 12`. */
  readonly candidate: string;
  /** `the baseline`, `version 11`. */
  readonly baseline: string;
}
