import type { IncidentSignal, SignalResource } from "@slipway/contracts";
import { cutText } from "../errors/cut-text.ts";
import { isAbove, sumOf } from "./find-share.ts";
import type { IncidentMeasurements, ProbeMeasurement } from "./incident-measurements.ts";
import { known, percentOf, type SignalContext, signalOf } from "./signal-context.ts";

/** Why an answer did not come, at most. */
const LONGEST_WHY = 200;

/** The signal of our own requests, where some are not answered as they should be, each time that they were tried. */
export function probeSignals(context: SignalContext): IncidentSignal[] {
  const { probes, at } = context.measurements;
  const sent = known(probes);
  const failed = sent?.sent.filter(hasFailed) ?? [];
  const [first] = failed;
  if (sent === undefined || first === undefined || isOurNetwork(context)) {
    return [];
  }
  const resource: SignalResource =
    sent.stage === null ? { type: "environment", name: "api" } : { type: "api", name: sent.stage };
  const tries = first.attempts.length;
  return [
    signalOf("probe", resource, at, {
      what: `${failed.length} of ${sent.sent.length} requests of our own ${failed.length === 1 ? "is" : "are"} not answered as they should be, tried ${tries} times: ${first.name}: ${answerOf(first)}`,
      ...{ value: percentOf(failed.length, sent.sent.length), limit: 0, unit: "%" },
    }),
  ];
}

/**
 * Why our own requests say nothing: none of them had any answer, while others get through. Then it is our way to the API that is broken;
 * undefined where they do say something.
 */
export function whyProbesSayNothing(context: SignalContext): string | undefined {
  return isOurNetwork(context)
    ? "no request of our own had any answer, while those of others are answered: it is the way from here that is broken"
    : undefined;
}

export function hasFailed({ attempts, expected }: ProbeMeasurement): boolean {
  return attempts.length > 0 && attempts.every(({ status }) => status === null || !expected.includes(status));
}

function isOurNetwork(context: SignalContext): boolean {
  const { measurements, config } = context;
  const sent = known(measurements.probes)?.sent ?? [];
  const noAnswer = sent.length > 0 && sent.every(({ attempts }) => attempts.every(({ status }) => status === null));
  return noAnswer && othersGetThrough(measurements, config.incidents.minimumRequests);
}

/** Whether enough requests were answered well in the last minutes; without numbers, nobody knows. */
function othersGetThrough({ stages, window }: IncidentMeasurements, minimumTotal: number): boolean {
  const points = (known(stages) ?? []).flatMap(({ minutes }) =>
    minutes.map(({ at, requests, errors }) => ({ at, events: errors, total: requests })),
  );
  const recent = points.filter(({ at }) => at >= window.to - 3 * 60_000).toSorted((left, right) => left.at - right.at);
  const counts = sumOf(recent, 0);
  return counts.total >= minimumTotal && !isAbove(counts, { limit: 0.05, minimumTotal, falseAlarms: 0.01 });
}

function answerOf({ attempts, expected }: ProbeMeasurement): string {
  const last = attempts.at(-1);
  return last === undefined || last.status === null
    ? `no answer (${cutText(last?.why ?? "nobody knows why", LONGEST_WHY)})`
    : `${last.status} instead of ${expected.join(" or ")}`;
}
