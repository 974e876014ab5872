import { binomialUpperTail } from "../verdicts/exact/binomial-tail.ts";
import { cutText } from "./cut-text.ts";
import { type ErrorFingerprint, errorFingerprint } from "./error-fingerprint.ts";

/** Errors of a period. */
export interface ErrorPeriod {
  /** Messages of log events; those that are no error are passed over. */
  readonly lines: Iterable<string>;
  /** How long the period is, in milliseconds. */
  readonly durationMs: number;
  /** Calls in the period: errors are expected in proportion to them. By its length where they are not known, or none, of either period. */
  readonly calls?: number;
}

/** Which errors are told of. Everything has a default. */
export interface NewFingerprintsPolicy {
  /** How often an error that comes as often as before may be told of, over all fingerprints together: 0.01. */
  readonly falseAlarms?: number;
  /** Less than so many times as often as before is not more frequent: 3. */
  readonly minimumRatio?: number;
  /** Fewer than these are not more frequent: 5. One is enough for a new one. */
  readonly minimumEvents?: number;
}

/** An error that was not there before, or much less often. */
export interface NewFingerprint {
  readonly kind: "new" | "more-frequent";
  readonly fingerprint: ErrorFingerprint;
  /** How often in each period. */
  readonly before: number;
  readonly now: number;
  /** How often chance alone makes so many of both periods' events fall into the present one. */
  readonly probability: number;
  /** The first line of its kind in the present period, at most 1,000 characters. */
  readonly example: string;
}

const LONGEST_EXAMPLE = 1_000;

interface Counted {
  readonly fingerprint: ErrorFingerprint;
  readonly example: string;
  count: number;
}

/**
 * Which errors are new, or much more frequent than before; the most frequent first. That an error is more frequent is held against
 * chance as `judgeSpike` does it, with an equal part of the false alarms for each fingerprint.
 *
 * @throws RangeError for a period without a length
 */
export function newFingerprints(
  baseline: ErrorPeriod,
  current: ErrorPeriod,
  policy: NewFingerprintsPolicy = {},
): NewFingerprint[] {
  const { falseAlarms = 0.01, minimumRatio = 3, minimumEvents = 5 } = policy;
  for (const [name, { durationMs }] of Object.entries({ baseline, current })) {
    if (!(Number.isFinite(durationMs) && durationMs > 0)) {
      throw new RangeError(`newFingerprints: ${name}.durationMs is ${durationMs}. It has to be a number above 0.`);
    }
  }
  const earlier = countByFingerprint(baseline.lines);
  const found = countByFingerprint(current.lines);
  const [exposureNow, exposureBefore] = exposuresOf(baseline, current);
  const share = exposureNow / (exposureNow + exposureBefore);
  const limit = falseAlarms / Math.max(1, found.size);
  return [...found.values()]
    .flatMap(({ fingerprint, example, count: now }): NewFingerprint[] => {
      const before = earlier.get(fingerprint.id)?.count ?? 0;
      const probability = binomialUpperTail(now, now + before, share);
      const told = { fingerprint, before, now, probability, example };
      if (before === 0) {
        return [{ kind: "new", ...told }];
      }
      const expected = (before * exposureNow) / exposureBefore;
      const isMore = now >= minimumEvents && now >= expected * minimumRatio && probability <= limit;
      return isMore ? [{ kind: "more-frequent", ...told }] : [];
    })
    .sort((left, right) => right.now - left.now || compareText(left.fingerprint.id, right.fingerprint.id));
}

/** Eight times the traffic makes eight times the errors, and is no reason to worry. */
function exposuresOf(baseline: ErrorPeriod, current: ErrorPeriod): readonly [now: number, before: number] {
  const { calls: now = 0 } = current;
  const { calls: before = 0 } = baseline;
  return now > 0 && before > 0 ? [now, before] : [current.durationMs, baseline.durationMs];
}

function countByFingerprint(lines: Iterable<string>): Map<string, Counted> {
  const counts = new Map<string, Counted>();
  for (const line of lines) {
    const fingerprint = errorFingerprint(line);
    if (fingerprint === undefined) {
      continue;
    }
    const known = counts.get(fingerprint.id);
    if (known === undefined) {
      counts.set(fingerprint.id, { fingerprint, example: cutText(line, LONGEST_EXAMPLE), count: 1 });
    } else {
      known.count += 1;
    }
  }
  return counts;
}

/** By code unit, so that the order is the same on every machine. */
function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
