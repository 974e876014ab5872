import type { SeenError, Symptoms, VersionCalls } from "../symptoms.ts";
import type { Fault } from "./faults.ts";
import type { Random } from "./random.ts";
import { HOUR, MINUTE, versionsAt, type World, type WorldFunction } from "./world.ts";

/** What fails every day without anybody being to blame. */
const everydayErrors = [
  ["TimeoutError", "connection timed out after 2000 ms"],
  ["Error", "connect ECONNRESET"],
  ["ProvisionedThroughputExceededException", "the rate of requests is too high"],
  ["ConflictError", "the item was changed meanwhile"],
] as const;

const CALLERS = 120;
/** Minutes that older metrics are added up over. */
const STEP = 30;
const API = { type: "api" as const, name: "shop-prod/prod" };

interface Minute {
  readonly at: number;
  readonly calls: number;
  readonly failed: number;
}

interface Tally {
  readonly versions: Map<string, VersionCalls & { readonly minutes: Minute[] }>;
  readonly errors: Map<string, SeenError & { versions: string[] }>;
  requests: number;
  spoiled: number;
}

interface Everyday {
  readonly share: number;
  readonly error: readonly [string, string];
}

/**
 * What instruments would show of a fault: metrics by minute, logs by fingerprint, an onset that is a few minutes off.
 *
 * @returns undefined where nobody would notice it
 */
export function measureWorld(world: World, fault: Fault, random: Random): Symptoms | undefined {
  const everyday = new Map<WorldFunction, Everyday>(
    world.functions.map((each) => [each, { share: random.between(0, 0.003), error: random.one(everydayErrors) }]),
  );
  const began = findOnset(world, fault, everyday, random);
  if (began === undefined) {
    return undefined;
  }
  // Who reads a graph, or an alarm of whole minutes, is off by some.
  const errorMs = random.one([1, 2, 3]) * MINUTE;
  const onset = Math.floor((began + random.normal(0, errorMs)) / MINUTE) * MINUTE;
  const now = Math.max(onset, began) + random.between(4, 40) * MINUTE;
  const [during, before] = [emptyTally(), emptyTally()];
  const minutes = emptyTally();
  const dayBefore = onset - 60 * MINUTE - 24 * HOUR;
  for (let at = dayBefore; at < onset - 60 * MINUTE; at += STEP * MINUTE) {
    countMinute(world, fault, everyday, at, minutes, random, STEP);
  }
  for (let at = onset - 60 * MINUTE; at < onset - errorMs; at += MINUTE) {
    countMinute(world, fault, everyday, at, minutes, random);
  }
  const baseline = { from: onset - 150 * MINUTE, to: onset - 30 * MINUTE };
  for (let at = onset - errorMs; at < now; at += MINUTE) {
    countMinute(world, fault, everyday, at, during, random);
  }
  for (let at = baseline.from; at < baseline.to; at += MINUTE) {
    countMinute(world, fault, everyday, at, before, random);
  }
  if (fault.wasThereBefore === true) {
    for (const [errorClass, message] of fault.logs ?? []) {
      const version = [...before.versions.values()][0]?.version ?? "1";
      logError(before, errorClass, message, random.whole(2, 40), version);
    }
  }
  const signals = signalsOf(world, fault, during, everyday, random);
  if (signals.length === 0) {
    return undefined;
  }
  const usual = world.rate(now - 24 * HOUR) * random.normal(1, 0.1);
  return {
    now,
    onset: { at: onset, errorMs },
    lastSeenAt: now,
    signals,
    versions: withMinutes(during, minutes),
    errors: [...during.errors.values()].map((each): SeenError => {
      const earlier = before.errors.get(each.id);
      return {
        ...each,
        before: earlier?.count ?? 0,
        ...(earlier === undefined ? {} : { versionsBefore: earlier.versions }),
      };
    }),
    baseline: { ...baseline, calls: callsOf(before) },
    ...(random.chance(0.9) ? { requests: { now: during.requests / ((now - onset + errorMs) / MINUTE), usual } } : {}),
    ...(random.chance(0.8) ? { traffic: hourly(world, now, random) } : {}),
    ...(random.chance(0.85) ? { callers: callersOf(fault, during, random) } : {}),
    ...(random.chance(0.95) ? { growth: growthOf(world, fault, now, random) } : {}),
  };
}

/** When its trace first stands out: three spoiled calls within five minutes, and one in fifty. */
function findOnset(
  world: World,
  fault: Fault,
  everyday: ReadonlyMap<WorldFunction, Everyday>,
  random: Random,
): number | undefined {
  const recent: { at: number; calls: number; failed: number }[] = [];
  for (let at = fault.since; at < Math.min(world.to, fault.since + 48 * HOUR); at += MINUTE) {
    const tally = emptyTally();
    countMinute(world, fault, everyday, at, tally, random);
    recent.push({ at, calls: callsOf(tally) + 1, failed: tally.spoiled });
    if (recent.length > 5) {
      recent.shift();
    }
    const failed = recent.reduce((sum, each) => sum + each.failed, 0);
    const calls = recent.reduce((sum, each) => sum + each.calls, 0);
    if (failed >= 3 && failed / calls >= 0.02) {
      return recent.find((each) => each.failed > 0)?.at;
    }
  }
  return undefined;
}

function countMinute(
  world: World,
  fault: Fault,
  everyday: ReadonlyMap<WorldFunction, Everyday>,
  at: number,
  tally: Tally,
  random: Random,
  span = 1,
): void {
  const isThere = at >= fault.since;
  const crowd = isThere ? (fault.crowd?.(at) ?? 1) : 1;
  const rate = world.rate(at) * crowd;
  const load = rate / world.busiest;
  for (const of of world.functions) {
    for (const { version, share } of versionsAt(world, of.name, at)) {
      const requests = random.poisson(rate * of.part * share * span);
      const spoils = isThere ? fault.share({ at, of, version, load }) : 0;
      const hit = fault.callers === undefined ? 1 : (fault.callers / CALLERS) * 2.5;
      const spoiled = random.binomial(requests, Math.min(1, spoils * hit));
      tally.requests += requests;
      tally.spoiled += spoiled;
      const isBefore = fault.isBeforeFunctions === true;
      const calls = requests - (isBefore ? spoiled : 0);
      const { share: everydayShare, error } = everyday.get(of) ?? { share: 0, error: ["Error", ""] as const };
      const besides = random.binomial(calls, everydayShare);
      const failed = Math.min(calls, (isBefore ? 0 : spoiled) + besides);
      addCalls(tally, { name: of.name, version: String(version) }, { at, calls, failed });
      logError(tally, error[0], error[1], besides, String(version));
      const logs = fault.logs ?? [];
      for (const [errorClass, message] of logs) {
        logError(tally, errorClass, message, Math.ceil(spoiled / logs.length), String(version));
      }
    }
  }
}

/** Of the minutes before only by the minute. */
function withMinutes(during: Tally, before: Tally): VersionCalls[] {
  const keys = new Set([...before.versions.keys(), ...during.versions.keys()]);
  return [...keys].flatMap((key) => {
    const [earlier, later] = [before.versions.get(key), during.versions.get(key)];
    const any = later ?? earlier;
    return any === undefined
      ? []
      : [
          {
            ...{ function: any.function, version: any.version, calls: later?.calls ?? 0, failed: later?.failed ?? 0 },
            minutes: [...(earlier?.minutes ?? []), ...(later?.minutes ?? [])],
          },
        ];
  });
}

function addCalls(tally: Tally, of: { name: string; version: string }, { at, calls, failed }: Minute): void {
  const { name, version } = of;
  const key = `${name} ${version}`;
  const known = tally.versions.get(key);
  const minutes = known?.minutes ?? [];
  minutes.push({ at, calls, failed });
  tally.versions.set(key, {
    function: name,
    version,
    calls: (known?.calls ?? 0) + calls,
    failed: (known?.failed ?? 0) + failed,
    minutes,
  });
}

function logError(tally: Tally, errorClass: string, message: string, count: number, version: string): void {
  if (count === 0) {
    return;
  }
  const id = `${errorClass}: ${message}`;
  const known = tally.errors.get(id);
  const versions = new Set([...(known?.versions ?? []), version]);
  tally.errors.set(id, {
    ...{ id, errorClass, message, before: 0 },
    count: (known?.count ?? 0) + count,
    versions: [...versions],
  });
}

function signalsOf(
  world: World,
  fault: Fault,
  during: Tally,
  everyday: ReadonlyMap<WorldFunction, Everyday>,
  random: Random,
): Symptoms["signals"] {
  const failing = world.functions.filter((of) => {
    const own = [...during.versions.values()].filter((each) => each.function === of.name);
    const calls = own.reduce((sum, each) => sum + each.calls, 0);
    const failed = own.reduce((sum, each) => sum + each.failed, 0);
    return failed - calls * (everyday.get(of)?.share ?? 0) > Math.max(3, calls * 0.01);
  });
  const hitsApi = failing.some(({ isBehindApi }) => isBehindApi) || fault.isBeforeFunctions === true;
  return [
    ...failing
      .filter(() => random.chance(0.85))
      .map(({ name }) => ({ kind: "errors" as const, resource: { type: "function" as const, name } })),
    ...(hitsApi ? [{ kind: "errors" as const, resource: API }] : []),
    ...(fault.finds ?? [])
      .filter(() => random.chance(0.85))
      .map(({ kind, type, name }) => ({ kind, resource: { type, name } })),
  ];
}

function callersOf(fault: Fault, during: Tally, random: Random): Symptoms["callers"] {
  const parts = Array.from({ length: CALLERS }, () => random.between(0.2, 1.8));
  const bad = fault.callers ?? CALLERS;
  // Those whose requests are spoiled send some more than others do.
  const total = parts.reduce((sum, each) => sum + each, 0);
  const ofBad = parts.slice(0, bad).reduce((sum, each) => sum + each, 0);
  return parts.map((part, index) => {
    const failed = index < bad ? random.poisson((during.spoiled * part) / ofBad) : 0;
    return { caller: `c${index}`, calls: Math.max(failed, random.poisson((during.requests * part) / total)), failed };
  });
}

function growthOf(world: World, { growth }: Fault, now: number, random: Random): Symptoms["growth"] {
  return world.functions.flatMap(({ name }) => {
    const current = versionsAt(world, name, now).at(-1)?.version ?? 1;
    return [current - 5, current - 4, current - 3, current - 2, current - 1, current].map((version) => {
      const grows = growth !== undefined && growth.of === name && version >= growth.from;
      return {
        function: name,
        version: String(version),
        mbPerHour: Math.max(0, (grows ? growth.mbPerHour : 0) + random.normal(0, 0.4)),
      };
    });
  });
}

function hourly(world: World, now: number, random: Random): Symptoms["traffic"] {
  const points: { at: number; perMinute: number }[] = [];
  for (let at = world.from; at < now; at += HOUR / 2) {
    points.push({ at, perMinute: world.rate(at) * random.normal(1, 0.08) });
  }
  return points;
}

function emptyTally(): Tally {
  return { versions: new Map(), errors: new Map(), requests: 0, spoiled: 0 };
}

function callsOf(tally: Tally): number {
  return [...tally.versions.values()].reduce((sum, each) => sum + each.calls, 0);
}
