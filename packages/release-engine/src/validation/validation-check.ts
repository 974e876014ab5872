import type { RateSample } from "@slipway/analysis";
import type {
  EvidenceStatus,
  MeasuredValue,
  ValidationConfig,
  ValidationMeasurements,
  ValidationWindow,
  Verdict,
} from "@slipway/contracts";
import { WINDOWS } from "./windows.ts";

const MINUTE_MS = 60_000;

/** What a check is judged by: nothing else, so that the same measurements give the same evidence. */
export interface CheckContext {
  readonly measurements: ValidationMeasurements;
  readonly config: ValidationConfig;
  /** The flags that lead to the target, with a space before each, for commands to type next. */
  readonly flags: string;
  /** What to type to have traffic in the window. */
  readonly makeTraffic: string;
}

/** What a check came to, for one of the things that it looks at. */
export interface CheckFinding {
  readonly subject?: string;
  readonly status: Extract<EvidenceStatus, "pass" | "fail" | "unknown">;
  readonly found: string;
  readonly next?: string;
  /** Whether it is unknown until somebody says it: neither time nor traffic brings it. */
  readonly forPeople?: true;
}

/** One line of the guide's post-deployment validation. */
export interface ValidationCheck {
  readonly window: ValidationWindow;
  /** Last part of its id. */
  readonly name: string;
  /** In the guide's words; with the limit of the configuration, where they have one. */
  readonly title: string | ((config: ValidationConfig) => string);
  judge(context: CheckContext): readonly CheckFinding[];
}

/** What is said where a measurement is missing: never a pass. */
export function unmeasured<T>(
  measured: MeasuredValue<T>,
  subject?: string,
): { readonly value: T } | { readonly findings: readonly CheckFinding[] } {
  if ("value" in measured) {
    return measured;
  }
  const { unknown, next } = measured;
  return {
    findings: [
      {
        ...(subject === undefined ? {} : { subject }),
        ...{ status: "unknown", found: unknown },
        ...(next === undefined ? {} : { next }),
      },
    ],
  };
}

/** What is said where nobody used a thing: there is nothing to judge. */
export function noTraffic(
  { measurements: { window, windowMs, period }, makeTraffic }: CheckContext,
  subject: string,
  what: string,
): CheckFinding {
  const judgedMs = period === null ? 0 : Date.parse(period.to) - Date.parse(period.from);
  // A period begins with a whole minute, and so is up to one shorter than its window.
  const when =
    judgedMs > windowMs - MINUTE_MS
      ? `in the last ${WINDOWS[window].length}`
      : `in the ${spanText(judgedMs)} since the release`;
  return { subject, status: "unknown", found: `no ${what} ${when}`, next: makeTraffic };
}

/**
 * A verdict as a finding: what is inconclusive is unknown, and so is what could not be measured.
 *
 * @param next - what to type where it failed
 */
export function findingOf(
  { makeTraffic }: CheckContext,
  { status, reason, numbers }: Verdict,
  subject: string,
  next: string,
): CheckFinding {
  // It goes on in a list of facts.
  const found = reason.replace(/\.$/, "");
  if (status === "successful") {
    return { subject, status: "pass", found };
  }
  const { total = 0, minimumTotal = 0 } = numbers;
  const isTooLittle = status === "inconclusive" && total < minimumTotal;
  return { subject, status: status === "failed" ? "fail" : "unknown", found, next: isTooLittle ? makeTraffic : next };
}

/** Sums of CloudWatch are numbers with a fraction, however whole what they count is. */
export function sampleOf(events: number, total: number): RateSample {
  return { events: Math.round(events), total: Math.round(total) };
}

/** `1 error`, `12,000 errors`; a word of its own where the plural is not made with an s. */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${Math.round(count).toLocaleString("en-US")} ${Math.round(count) === 1 ? singular : plural}`;
}

/** `820 ms`, `1.2 s`. */
export function tookText(milliseconds: number): string {
  return milliseconds < 1_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1_000).toFixed(1)} s`;
}

/** `12 min`, `1 h 5 min`, `3 days`. */
export function spanText(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / MINUTE_MS);
  const hours = Math.floor(minutes / 60);
  if (minutes < 60) {
    return `${minutes} min`;
  }
  return hours >= 48
    ? `${Math.floor(hours / 24)} days`
    : `${hours} h${minutes % 60 === 0 ? "" : ` ${minutes % 60} min`}`;
}

/** `2026-11-28 09:15 UTC`. */
export function momentText(iso: string): string {
  return `${iso.slice(0, 16).replace("T", " ")} UTC`;
}
