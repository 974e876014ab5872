import type { IncidentSignal } from "@slipway/contracts";
import { GeneratedWeek, type WeekFault } from "./generated-week.ts";
import { Random } from "./random.ts";

/** Looks of a week; each minute would see nearly the same. */
const EVERY_MINUTES = 5;
/** Within so many minutes something has to be found. */
const WITHIN_MINUTES = 30;

/** Signals of a week in which all is well, one for each that began. */
export function falseAlarmsOf(seed: number, everyMinutes = EVERY_MINUTES): IncidentSignal[] {
  const week = new GeneratedWeek(seed);
  const found = new Map<string, IncidentSignal>();
  for (let minute = seed % everyMinutes; minute < GeneratedWeek.length; minute += everyMinutes) {
    for (const signal of week.seenAt(minute)) {
      found.set(signal.id, found.get(signal.id) ?? signal);
    }
  }
  return [...found.values()];
}

/** What became of a fault at any time of a week, and whether it was plain to see. */
export function faultIn(
  seed: number,
  kind: WeekFault["kind"],
  times = 3,
): { readonly isFound: boolean; readonly isPlain: boolean } {
  const fromMinute = new Random(seed * 31 + 7).whole(60, GeneratedWeek.length - 120);
  const week = new GeneratedWeek(seed, { kind, times, fromMinute, minutes: 60 });
  const wanted = kind === "slower" ? "latency" : "traffic";
  const isPlain = kind === "vanished" || week.isPlainAt(fromMinute);
  for (let minute = fromMinute; minute < fromMinute + WITHIN_MINUTES; minute += 1) {
    if (week.seenAt(minute).some((signal) => signal.kind === wanted)) {
      return { isFound: true, isPlain };
    }
  }
  return { isFound: false, isPlain };
}
