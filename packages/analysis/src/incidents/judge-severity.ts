import {
  type IncidentConfig,
  type IncidentImpact,
  type IncidentSignal,
  type Severity,
  severityNames,
} from "@slipway/contracts";
import { numberInWords, percentInWords } from "../verdicts/in-words.ts";
import { isAbove } from "./find-share.ts";

/** How bad something is, and why, the worst first. */
export interface JudgedSeverity {
  readonly severity: Severity;
  readonly reasons: readonly string[];
}

type Reason = readonly [Severity, string];

/** How often chance may make something worse than it is. */
const CHANCE = 1e-3;
/** What lasts so long is no minor issue any more. */
const LONG_MINUTES = 60;

/**
 * The severity of an incident by the guide's four definitions ("Incident Classification"), from the share of requests that are hit, how long
 * it lasts, and whether data or security is at stake.
 *
 * | severity | by the guide | here |
 * | --- | --- | --- |
 * | 1 critical | outage, data loss or corruption, security breach | most answers are errors, or none of our own requests gets through; items are not what they should be; somebody may do what nobody should |
 * | 2 high | partial degradation, more than 5 % errors, performance issues | more than 5 % errors or refusals, a quarter slow, one of our own requests fails, nobody comes who always came; or severity 3 for an hour |
 * | 3 medium | minor issues, 1 to 5 % errors, slow answers | 1 to 5 % errors or refusals, a tenth slow, much slower than on earlier days, calls that are ended, an alarm |
 * | 4 low | non-critical issues | nobody is hit: errors in the logs only, memory that runs out, a backup that was not made, what should watch does not, what nobody goes on with |
 *
 * @param impact whom it has hit so far, where that was counted
 */
export function judgeSeverity(
  signals: readonly IncidentSignal[],
  impact: IncidentImpact | undefined,
  config: Pick<IncidentConfig, "errorPercent" | "slowPercent" | "minimumRequests">,
): JudgedSeverity {
  const counted = signals.filter(({ aside }) => aside === undefined);
  const failing = impact === undefined ? undefined : shareOf(impact, config.minimumRequests);
  const found: Reason[] = [
    ...counted.map((signal) => reasonOf(signal, config, failing)),
    ...(impact === undefined ? [] : impactReasons(impact, config)),
  ];
  const lasting = lastingReason(found, impact);
  const reasons = [...found, ...(lasting === undefined ? [] : [lasting])].toSorted(([left], [right]) => left - right);
  const [worst] = reasons;
  if (worst === undefined) {
    const asides = signals.map(({ what, aside }) => `${what} (${aside ?? ""})`);
    return {
      severity: 4,
      reasons: [`Nothing is known that hits anybody${asides.length > 0 ? `: ${asides[0]}` : ""}.`],
    };
  }
  const [severity] = worst;
  return { severity, reasons: [...new Set(reasons.map(([level, text]) => `${severityNames[level]}: ${text}`))] };
}

function reasonOf(signal: IncidentSignal, config: SeverityConfig, failing: number | undefined): Reason {
  const { kind, resource, what, value = 0, unit, severity } = signal;
  // The limit is one that it is above beyond chance, and as bad as that it is.
  const bad = byErrors(signal.limit ?? value, config);
  switch (kind) {
    case "errors":
      // Where the requests of users were counted, they say whether it is an outage: what is behind may be what few of them need.
      return [resource.type === "api" || failing === undefined ? bad : atMostHigh(bad), what];
    case "throttling":
      // What is refused is told so and may come again, and the rest is served: no outage by itself.
      return [atMostHigh(bad), what];
    case "traffic":
      // Who does not get here is hit, whatever is wrong; that nobody would be answered, our own requests say.
      return [2, what];
    case "latency":
      return unit === "ms" ? [3, what] : [(signal.limit ?? value) >= config.slowPercent.high ? 2 : 3, what];
    case "probe": {
      const isOutage = value >= 100 && (failing === undefined || failing >= config.errorPercent.critical);
      return [isOutage ? 1 : 2, isOutage ? `nobody gets through: ${what}` : what];
    }
    case "data":
      return [1, `data may be lost or damaged: ${what}`];
    case "security":
      // Rights that are gone are no breach: how bad that is, the requests that fail say.
      return signal.fingerprint === undefined ? [1, `security may be breached: ${what}`] : [3, what];
    case "resources":
      // Calls that are ended have failed; memory that is nearly used up has hit nobody yet.
      return [unit === "MB" ? 4 : unit === "%" ? atMostHigh(bad) : 3, what];
    case "alarm":
      return [severity ?? 3, what];
    case "backup":
    case "log-errors":
    case "monitoring":
    case "operations":
      return [severity ?? 4, what];
  }
}

type SeverityConfig = Pick<IncidentConfig, "errorPercent" | "slowPercent">;

function atMostHigh(severity: Severity): Severity {
  return severity === 1 ? 2 : severity;
}

function byErrors(percent: number, { errorPercent }: SeverityConfig): Severity {
  const { critical, high, medium } = errorPercent;
  return percent >= critical ? 1 : percent >= high ? 2 : percent >= medium ? 3 : 4;
}

/** The share of requests that failed, in percent; undefined where too few came. */
function shareOf({ requests, failed }: IncidentImpact, minimumRequests: number): number | undefined {
  return requests < minimumRequests ? undefined : (100 * failed) / requests;
}

function impactReasons(
  impact: IncidentImpact,
  config: SeverityConfig & { readonly minimumRequests: number },
): Reason[] {
  const { requests, failed, slow, refused, from } = impact;
  const { critical, high, medium } = config.errorPercent;
  const reason = (count: number, words: string, limits: readonly (readonly [Severity, number])[]): Reason[] => {
    const found = limits.find(([, percent]) =>
      isAbove(
        { events: count, total: requests },
        { limit: percent / 100, minimumTotal: config.minimumRequests, falseAlarms: CHANCE },
      ),
    );
    const share = `${numberInWords(count)} of ${numberInWords(requests)} requests (${percentInWords(count / requests)})`;
    return found === undefined
      ? []
      : [[found[0], `${share} ${words} since ${from}; above ${numberInWords(found[1])} %`]];
  };
  return [
    ...reason(failed, "have failed", [
      [1, critical],
      [2, high],
      [3, medium],
    ]),
    ...reason(slow, "were slow", [
      [2, config.slowPercent.high],
      [3, config.slowPercent.medium],
    ]),
    ...reason(refused ?? 0, "were refused", [
      [2, high],
      [3, medium],
    ]),
  ];
}

/** What is minor for an hour is not minor. */
function lastingReason(found: readonly Reason[], impact: IncidentImpact | undefined): Reason | undefined {
  const worst = Math.min(4, ...found.map(([severity]) => severity));
  return worst === 3 && impact !== undefined && (impact.badMinutes ?? 0) >= LONG_MINUTES
    ? [
        2,
        `it has lasted for ${numberInWords(impact.badMinutes ?? 0)} bad minutes; from ${LONG_MINUTES} on nothing is minor`,
      ]
    : undefined;
}
