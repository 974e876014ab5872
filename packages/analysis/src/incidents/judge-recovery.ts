import type { IncidentSignal, Verdict } from "@slipway/contracts";
import { combineVerdicts } from "../verdicts/combine-verdicts.ts";
import { judgeRate } from "../verdicts/judge-rate.ts";
import { sumOf } from "./find-share.ts";
import { topicOf } from "./group-signals.ts";
import type { IncidentMeasurements, StageMeasurement } from "./incident-measurements.ts";
import { isStillLogged } from "./is-still-logged.ts";
import { judgeSignals } from "./judge-signals.ts";
import { looksBack } from "./looks-back.ts";
import { hasFailed } from "./probe-signals.ts";
import { known, type SignalConfig } from "./signal-context.ts";
import { whyOutOfSight } from "./why-out-of-sight.ts";

/**
 * Whether an incident is over by the numbers of the window: the share of errors and of slow answers is back in range at every stage, and
 * nothing of what the incident was opened for is seen any more. Too few requests prove nothing: then our own requests decide. Where what it
 * was opened for could not be read, nobody knows whether it is over.
 *
 * An alarm that looks at the same numbers is not waited for: it looks back further.
 *
 * @param incident its signals; without them, the environment is judged by its traffic alone
 */
export function judgeRecovery(
  measurements: IncidentMeasurements,
  config: SignalConfig,
  incident: readonly IncidentSignal[] = [],
): Verdict {
  const ids = new Set(incident.map(({ id }) => id));
  const firing = [
    ...judgeSignals(measurements, config).filter(
      (signal) => ids.has(signal.id) && signal.aside === undefined && !looksBack(signal, measurements),
    ),
    ...incident.filter((signal) => isStillLogged(signal, measurements)),
  ];
  const topics = new Set(incident.map(({ kind }) => topicOf(kind)));
  const needsTraffic = topics.size === 0 || topics.has("service");
  return combineVerdicts({
    ...(needsTraffic ? trafficVerdicts(measurements, config) : {}),
    ...(incident.length === 0 ? {} : { signals: signalsVerdict(measurements, firing, incident) }),
  });
}

function trafficVerdicts(measurements: IncidentMeasurements, config: SignalConfig): Readonly<Record<string, Verdict>> {
  const { stages } = measurements;
  if ("unknown" in stages) {
    return { traffic: { status: "error", reason: `The traffic could not be read: ${stages.unknown}.`, numbers: {} } };
  }
  const all = stages.value.flatMap((stage, index): [string, Verdict][] => {
    const suffix = stages.value.length > 1 ? `${index + 1}` : "";
    return [
      [`errors${suffix}`, errorsVerdict(measurements, config, stage)],
      [`latency${suffix}`, latencyVerdict(measurements, config, stage)],
    ];
  });
  return Object.fromEntries(all.map(([name, verdict]) => [name, settledByProbes(measurements, verdict)]));
}

function errorsVerdict(
  { window }: IncidentMeasurements,
  { incidents }: SignalConfig,
  stage: StageMeasurement,
): Verdict {
  const counts = sumOf(
    stage.minutes.map(({ at, errors, requests }) => ({ at, events: errors, total: requests })),
    window.from,
  );
  return judgeRate(counts, {
    ...{ limit: incidents.errorPercent.medium / 100, minimumTotal: incidents.minimumRequests },
    words: { units: `requests to ${stage.name}`, events: "were answered with 5xx" },
  });
}

function latencyVerdict(
  { window }: IncidentMeasurements,
  { incidents, validation }: SignalConfig,
  stage: StageMeasurement,
): Verdict {
  const counts = sumOf(
    stage.minutes.map(({ at, slow, timed }) => ({ at, events: slow, total: timed })),
    window.from,
  );
  return judgeRate(counts, {
    ...{ limit: incidents.slowPercent.medium / 100, minimumTotal: incidents.minimumRequests },
    words: { units: `answers of ${stage.name}`, events: `took longer than ${validation.responseTime.limitMs} ms` },
  });
}

/** Where there are too few requests to say, and nothing speaks against it, the answers to our own requests say it. */
function settledByProbes({ probes }: IncidentMeasurements, verdict: Verdict): Verdict {
  const sent = known(probes)?.sent ?? [];
  const { events = 0, total = 0, limit = 0 } = verdict.numbers;
  if (verdict.status !== "inconclusive" || sent.length === 0 || events > limit * total) {
    return verdict;
  }
  const failed = sent.filter(hasFailed).length;
  return failed > 0
    ? verdict
    : {
        status: "successful",
        reason: `${verdict.reason} All ${sent.length} requests of our own are answered as they should be.`,
        numbers: { ...verdict.numbers, probes: sent.length },
      };
}

function signalsVerdict(
  measurements: IncidentMeasurements,
  firing: readonly IncidentSignal[],
  incident: readonly IncidentSignal[],
): Verdict {
  const numbers = { firing: new Set(firing.map(({ id }) => id)).size };
  const [first] = firing;
  if (first !== undefined) {
    const more = numbers.firing > 1 ? `, and ${numbers.firing - 1} more` : "";
    return { status: "failed", reason: `It goes on: ${first.what}${more}.`, numbers };
  }
  for (const signal of incident) {
    const why = whyOutOfSight(signal, measurements);
    if (why !== undefined) {
      return { status: "error", reason: `What it was about could not be read: ${why}.`, numbers };
    }
  }
  return { status: "successful", reason: "Nothing of what it was opened for is seen any more.", numbers };
}
