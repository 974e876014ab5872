import { describe, expect, it } from "vitest";
import { PERIOD_MS, type StageHistory, type StagePeriod } from "./earlier-days.ts";
import { earlierDaysSignals, risenFrom } from "./earlier-days-signals.ts";
import type { IncidentMeasurements, Rollout, StageMinute } from "./incident-measurements.ts";
import { judgeSeverity } from "./judge-severity.ts";
import { API, config, look, MINUTE_MS, NOW } from "./test/healthy-measurements.ts";
import { falseAlarmsOf, faultIn } from "./test/measure-weeks.ts";
import { whyOutOfSight } from "./why-out-of-sight.ts";

const DAY_MS = 86_400_000;

/** So many days of 50 requests in five minutes, nine tenths within 100 ms; of some periods something else. */
function history(days: number, odd: (at: number) => Partial<StagePeriod> | null = () => ({})): StageHistory {
  const periods: StagePeriod[] = [];
  for (let at = NOW - days * DAY_MS - 2 * 3_600_000; at < NOW; at += PERIOD_MS) {
    const own = odd(at);
    if (own !== null) {
      periods.push({ at, requests: 50, p90Ms: 100, ...own });
    }
  }
  return { name: API, periods };
}

const isDaysBefore = (at: number, days: number) => Math.abs(NOW - days * DAY_MS - at) <= 2 * 3_600_000;

/** Half an hour with so many requests in its last minutes, of which a share takes longer than is usual. */
function seen(
  earlier: StageHistory,
  {
    last = 30,
    requests = 10,
    longer = 0,
    probes = 0,
  }: { last?: number; requests?: number; longer?: number; probes?: number } = {},
  rest: Partial<IncidentMeasurements> = {},
) {
  const risen = risenFrom(earlier, NOW, config);
  const minutes = Array.from({ length: 30 }, (_, index): StageMinute => {
    const isLast = index >= 30 - last;
    const count = isLast ? requests : 10;
    return { at: NOW - (30 - index) * MINUTE_MS, requests: count, errors: 0, timed: count, slow: 0 };
  });
  const above = minutes.map(({ at, timed }, index) => {
    return { at, events: index >= 30 - last ? Math.round(timed * longer) : 0, total: timed };
  });
  const sent = Array.from({ length: probes }, () => {
    return { name: "GET /", expected: [200], attempts: [{ status: 200, durationMs: 9 }] };
  });
  const measurements = look({
    stages: {
      value: [{ name: API, minutes, refused: null, ...(risen && { risen: { ...risen, minutes: above } }) }],
    },
    ...{ earlier: { value: [earlier] }, probes: { value: { stage: API, sent } } },
    ...rest,
  });
  return earlierDaysSignals({ measurements, config });
}

describe("answers that take longer than on earlier days", () => {
  it("are told with their numbers, as medium, where they do so for a quarter of an hour", () => {
    const [signal, ...others] = seen(history(14), { last: 15, longer: 0.4 });

    expect(others).toEqual([]);
    expect(signal).toMatchObject({ id: `latency api ${API}: earlier days`, kind: "latency", limit: 200, unit: "ms" });
    expect(signal?.what).toBe(
      `60 of 150 requests to ${API} (40 %) took longer than 200 ms in 15 minutes; at this hour of 14 earlier days nine tenths took no longer than 100 ms, and one in ten may take longer than that`,
    );
    expect(
      judgeSeverity(
        [signal].flatMap((each) => each ?? []),
        undefined,
        config.incidents,
      ).severity,
    ).toBe(3);
  });

  it("are none while it lasts for minutes only, as a burst or a cold start does", () => {
    expect(seen(history(14), { last: 9, longer: 0.9 })).toEqual([]);
  });

  it("say nothing where too few days are known, too few requests came, or the limit is nearer", () => {
    const slow = { last: 15, longer: 0.9 };
    expect(seen(history(4), slow)).toEqual([]);
    expect(
      seen(
        history(14, () => ({ requests: 19 })),
        slow,
      ),
    ).toEqual([]);
    expect(
      seen(
        history(14, () => ({ p90Ms: 600 })),
        slow,
      ),
    ).toEqual([]);
    expect(
      seen(
        history(14, () => ({ p90Ms: 400 })),
        slow,
      ),
    ).toHaveLength(1);
  });

  it("go by this hour, by the slowest days but one, and by a rise that somebody notices", () => {
    const at = (odd: (at: number) => Partial<StagePeriod>) => risenFrom(history(14, odd), NOW, config)?.fromMs;
    expect(at((time) => (isDaysBefore(time, 3) ? { p90Ms: 900 } : {}))).toBe(200);
    expect(at((time) => (isDaysBefore(time, 3) || isDaysBefore(time, 5) ? { p90Ms: 400 } : {}))).toBe(600);
    expect(at((time) => (new Date(time).getUTCHours() < 6 ? { p90Ms: 5 } : {}))).toBe(200);
    expect(at(() => ({ p90Ms: 8 }))).toBe(58);
  });

  it("open nothing while a canary is judged, which may be what is slow", () => {
    const rollout: Rollout = {
      ...{ release: "r7", state: "judged", changesInfrastructure: false },
      versions: [{ function: "f", version: "8" }],
    };
    const operations = { lease: null, unfinished: null, rollout };
    expect(seen(history(14), { last: 15, longer: 0.4 }, { operations })[0]?.aside).toContain("whose canary r7 judges");
  });
});

describe("traffic that is gone", () => {
  const none = { last: 20, requests: 0 };

  it("is told with its numbers, as high, where it always came at this hour", () => {
    const [signal, ...others] = seen(history(14), none);

    expect(others).toEqual([]);
    expect(signal).toMatchObject({ id: `traffic api ${API}`, kind: "traffic", value: 0, limit: 100, unit: "count" });
    expect(signal?.what).toBe(
      `no request came to ${API} in 10 minutes; around this hour of 14 earlier days there were never fewer than 100`,
    );
    expect(
      judgeSeverity(
        [signal].flatMap((each) => each ?? []),
        undefined,
        config.incidents,
      ).severity,
    ).toBe(2);
  });

  it("is back with the first requests, and was never gone where ours are all that is missing", () => {
    expect(seen(history(14), { last: 1, requests: 0 })).toEqual([]);
    expect(seen(history(14), { last: 20, requests: 1 })).toEqual([]);
    // Two of our own each minute are what came.
    expect(seen(history(14), { last: 20, requests: 2, probes: 2 })).toHaveLength(1);
    expect(
      seen(
        history(14, () => ({ requests: 10 })),
        { ...none, probes: 2 },
      ),
    ).toEqual([]);
  });

  it("is looked at longer where fewer requests come", () => {
    const [signal] = seen(
      history(14, () => ({ requests: 6 })),
      { last: 25, requests: 0 },
    );
    expect(signal?.what).toContain("in 20 minutes");
    expect(
      seen(
        history(14, () => ({ requests: 4 })),
        { last: 25, requests: 0 },
      ),
    ).toEqual([]);
  });

  it("says nothing where any day had a quiet time, too few are known, or none is the same day of the week", () => {
    const quiet = (days: number) => history(14, (at) => (isDaysBefore(at, days) ? null : {}));
    expect(seen(quiet(1), none)).toEqual([]);
    expect(seen(quiet(6), none)).toEqual([]);
    expect(seen(history(7), none)).toEqual([]);
    const wide = { from: NOW - 14.5 * DAY_MS, to: NOW - 13.5 * DAY_MS };
    const week = { from: NOW - 7.5 * DAY_MS, to: NOW - 6.5 * DAY_MS };
    expect(seen({ ...history(14), without: [wide] }, none)).toHaveLength(1);
    expect(seen({ ...history(14), without: [wide, week] }, none)).toEqual([]);
  });

  it("is not hidden by a day on which there was an incident at this hour", () => {
    const without = [{ from: NOW - 3 * DAY_MS - 3_600_000, to: NOW - 3 * DAY_MS + 3_600_000 }];
    const gone = history(14, (at) => (isDaysBefore(at, 3) ? null : {}));
    expect(seen(gone, none)).toEqual([]);
    expect(seen({ ...gone, without }, none)).toHaveLength(1);
  });

  it("is as it was where earlier days cannot be read", () => {
    const [signal] = seen(history(14), none);
    expect(signal && whyOutOfSight(signal, look({ earlier: { unknown: "CloudWatch is down" } }))).toBe(
      "CloudWatch is down",
    );
  });
});

it("says nothing at all where the configuration does not want it", () => {
  const off = { ...config.incidents.earlierDays, slower: false, vanished: false };
  const without = { ...config, incidents: { ...config.incidents, earlierDays: off } };
  const measurements = look({ earlier: { value: [history(14)] } });
  const quiet = look({ ...measurements, stages: { value: [{ name: API, minutes: [], refused: null }] } });
  expect(risenFrom(history(14), NOW, without)).toBeUndefined();
  expect(earlierDaysSignals({ measurements: quiet, config: without })).toEqual([]);
  expect(earlierDaysSignals({ measurements: quiet, config })).toHaveLength(1);
});

describe("generated weeks", () => {
  it("have no false alarm, in a sample", () => {
    expect([3, 8].flatMap((seed) => falseAlarmsOf(seed, 30))).toEqual([]);
  });

  it("have faults that are found, in a sample", () => {
    const seeds = Array.from({ length: 12 }, (_, index) => index + 1);
    const slower = seeds.map((seed) => faultIn(seed, "slower", 5)).filter(({ isPlain }) => isPlain);
    expect(slower.length).toBeGreaterThan(3);
    expect(slower.every(({ isFound }) => isFound)).toBe(true);
    expect(seeds.filter((seed) => faultIn(seed, "vanished").isFound).length).toBeGreaterThan(4);
  });
});
