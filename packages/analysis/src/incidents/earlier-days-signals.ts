import type { EnvironmentConfig, IncidentSignal } from "@slipway/contracts";
import type { TimeWindow } from "../costs/usage.ts";
import { numberInWords, percentInWords } from "../verdicts/in-words.ts";
import { EarlierDays, PERIOD_MS, type StageHistory } from "./earlier-days.ts";
import { isAbove, type SharePoint, sumOf } from "./find-share.ts";
import type { RisenLatency, StageMeasurement } from "./incident-measurements.ts";
import { known, rolloutWords, type SignalContext, signalOf } from "./signal-context.ts";

const MINUTE_MS = 60_000;
/** One in ten is usually above the 90th percentile; half as many more are clearly more. */
const CLEARLY_MORE = 0.15;
/** What does not go on in each of three windows is a burst, or a release that starts cold; where few requests come, six windows tell. */
const WINDOWS = [3, 6] as const;
/** In so many of the minutes: a release starts cold for two minutes, each time that it gets more of the traffic. */
const MOST_MINUTES = 2 / 3;
/** So many times as many requests in each window as shares are judged by: a release that starts cold is most of what few are. */
const ENOUGH = 2;
/** What starts cold is slow once: with few requests that is a large part of them. */
const FEWEST_SLOW = 20;
/** Above the slowest five minutes of earlier days, too, so many times: a job of the night may meet a burst. */
const BEYOND_HIGHEST = 1.5;
/** Whoever waits no longer than this more notices nothing. */
const LEAST_RISE_MS = 50;
/** CloudWatch counts requests with a delay. */
const DELAY_MS = 3 * MINUTE_MS;
/** Traffic is gone when it was gone for so many minutes; the longer ones where few requests come. */
const GONE_MINUTES = [10, 15, 20] as const;
/** A few that still come, such as those of whoever looks whether it is back, are none. */
const NEARLY_NONE = 0.02;

/** From how many milliseconds on answers are clearly slower than on earlier days; undefined where nobody can say, or the limit says it. */
export function risenFrom(
  history: StageHistory,
  at: number,
  { incidents, validation }: Pick<EnvironmentConfig, "incidents" | "validation">,
): Omit<RisenLatency, "minutes"> | undefined {
  const { days, slower, slowerTimes } = incidents.earlierDays;
  if (!slower) {
    return undefined;
  }
  const usual = daysOf(history).latencyAt(at, { days, minimumRequests: incidents.minimumRequests });
  if (usual === undefined) {
    return undefined;
  }
  const { usualMs, highestMs } = usual;
  const fromMs = Math.ceil(Math.max(usualMs * slowerTimes, highestMs * BEYOND_HIGHEST, usualMs + LEAST_RISE_MS));
  return fromMs < validation.responseTime.limitMs ? { fromMs, usualMs, days: usual.days } : undefined;
}

/**
 * Signals of what no limit tells: answers that take much longer than on earlier days at this hour, though not too long, and traffic that is
 * not there though it always was.
 */
export function earlierDaysSignals(context: SignalContext): IncidentSignal[] {
  return (known(context.measurements.stages) ?? []).flatMap((stage) => [
    ...slowerSignal(context, stage),
    ...goneSignal(context, stage),
  ]);
}

function slowerSignal({ measurements, config }: SignalContext, { name, risen }: StageMeasurement): IncidentSignal[] {
  if (risen === undefined || risen === null) {
    return [];
  }
  const { window, operations } = measurements;
  const { fromMs, usualMs, days, minutes } = risen;
  const found = WINDOWS.map((count) => goingOn(minutes, window, count, config.incidents)).find(
    (each) => each !== undefined,
  );
  if (found === undefined) {
    return [];
  }
  const { all, from } = found;
  const { rollout } = operations;
  return [
    signalOf("latency", { type: "api", name }, from, {
      detail: "earlier days",
      what: `${numberInWords(all.events)} of ${numberInWords(all.total)} requests to ${name} (${percentInWords(all.events / all.total)}) took longer than ${numberInWords(fromMs)} ms in ${Math.round((window.to - from) / MINUTE_MS)} minutes; at this hour of ${days} earlier days nine tenths took no longer than ${numberInWords(usualMs)} ms, and one in ten may take longer than that`,
      ...{ value: Math.round(usualMs), limit: fromMs, unit: "ms" },
      ...(rollout === null ? {} : { aside: rolloutWords(rollout) }),
    }),
  ];
}

/** What takes longer in each of the last windows, and in most of their minutes, beyond chance; undefined where it does not. */
function goingOn(
  minutes: readonly SharePoint[],
  window: TimeWindow,
  count: number,
  { windowMinutes, minimumRequests }: EnvironmentConfig["incidents"],
): { readonly all: Omit<SharePoint, "at">; readonly from: number } | undefined {
  const lengthMs = windowMinutes * MINUTE_MS;
  const from = window.from - (count - 1) * lengthMs;
  const own = minutes.filter(({ at }) => at >= from);
  const isSlow = ({ events, total }: Omit<SharePoint, "at">) => events > CLEARLY_MORE * total;
  const windows = Map.groupBy(own, ({ at }) => Math.min(count - 1, Math.floor((at - from) / lengthMs)));
  const all = sumOf(own, from);
  const isMost = own.length * 2 > count * windowMinutes && own.filter(isSlow).length >= MOST_MINUTES * own.length;
  const policy = { minimumTotal: minimumRequests, minimumEvents: FEWEST_SLOW, limit: CLEARLY_MORE };
  const goesOn =
    windows.size === count &&
    [...windows.values()]
      .map((each) => sumOf(each, from))
      .every((sum) => isSlow(sum) && sum.total >= ENOUGH * minimumRequests);
  return isMost && goesOn && isAbove(all, policy) ? { all, from } : undefined;
}

function goneSignal({ measurements, config }: SignalContext, stage: StageMeasurement): IncidentSignal[] {
  const { earlier, probes, at, read } = measurements;
  const history = known(earlier ?? null)?.find(({ name }) => name === stage.name);
  const { days, vanished } = config.incidents.earlierDays;
  if (history === undefined || !vanished) {
    return [];
  }
  const to = Math.floor((at - DELAY_MS) / PERIOD_MS) * PERIOD_MS;
  const own = known(probes)?.sent.length ?? 0;
  const enough = config.incidents.minimumRequests;
  for (const minutes of GONE_MINUTES) {
    const from = to - minutes * MINUTE_MS;
    if (from < read.from) {
      return [];
    }
    const usual = daysOf(history).trafficAt(to, minutes, {
      ...{ days, enough: enough + own * minutes, without: history.without ?? [] },
    });
    if (usual === undefined) {
      continue;
    }
    // Whoever looks each minute sends some, too.
    const sent = own * Math.ceil((at - from) / MINUTE_MS);
    const all = stage.minutes.filter((minute) => minute.at >= from).reduce((sum, { requests }) => sum + requests, 0);
    const came = Math.max(0, all - sent);
    const fewest = usual.fewest - own * minutes;
    return came > NEARLY_NONE * fewest ? [] : [gone(stage.name, { came, fewest, minutes, days: usual.days, from })];
  }
  return [];
}

function gone(
  name: string,
  found: { came: number; fewest: number; minutes: number; days: number; from: number },
): IncidentSignal {
  const { came, fewest, minutes, days, from } = found;
  return signalOf("traffic", { type: "api", name }, from, {
    what: `${came === 0 ? "no request" : `only ${numberInWords(came)} requests`} came to ${name} in ${minutes} minutes; around this hour of ${days} earlier days there were never fewer than ${numberInWords(fewest)}`,
    ...{ value: came, limit: fewest, unit: "count" },
  });
}

/** Days of a history are looked up again and again. */
const indexed = new WeakMap<StageHistory["periods"], EarlierDays>();

function daysOf(history: StageHistory): EarlierDays {
  const found = indexed.get(history.periods) ?? new EarlierDays(history);
  indexed.set(history.periods, found);
  return found;
}
