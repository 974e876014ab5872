import { expect } from "vitest";
import { rankSuspects, type Suspicion } from "../rank-suspects.ts";
import {
  type Fault,
  faultFromOutside,
  faultOfAnyRollback,
  faultOfRelease,
  faultOfTakenBack,
  outsideFaults,
} from "./faults.ts";
import { measureWorld } from "./measure-world.ts";
import { Random } from "./random.ts";
import { changesOf, makeWorld, type World } from "./world.ts";

const SEED = 90_000;
const LEAST_SHARE = 0.95;

export interface Judged {
  readonly fault: Fault;
  readonly suspicion: Suspicion;
}

type Making = (world: World, random: Random) => { fault: Fault; world: World } | undefined;

/** Histories in which a release is to blame have it first among the suspects, in enough of them. */
export function expectGuiltyFirst(count: number): readonly Judged[] {
  const all = histories(count, SEED, () => faultOfRelease);
  expect(shareOf("guilty first", all, isRight)).toBeGreaterThanOrEqual(LEAST_SHARE);
  return all;
}

/** The same where releases were rolled back. */
export function expectGuiltyFirstWithRollbacks(count: number): readonly Judged[] {
  const makers = [faultOfAnyRollback, faultOfTakenBack, faultOfRelease, faultOfRelease];
  const all = histories(count, SEED + 10_000, (index) => makers[index % makers.length] ?? faultOfRelease, {
    withRollbacks: true,
  });
  expect(shareOf("guilty first, with rollbacks", all, isRight)).toBeGreaterThanOrEqual(LEAST_SHARE);
  // Each kind by itself: of fewer, a little less.
  for (const [index, what] of ["went back to what is bad", "was taken back", "one and another"].entries()) {
    const own = all.filter((_, each) => Math.min(2, each % makers.length) === index);
    expect(shareOf(what, own, isRight), what).toBeGreaterThanOrEqual(0.92);
  }
  return all;
}

/** Where no release is the cause nobody is suspected, in enough of them. */
export function expectNobodySuspected(count: number, { withRollbacks }: { readonly withRollbacks: boolean }): void {
  const all = histories(
    count,
    SEED + (withRollbacks ? 15_000 : 5_000),
    (index) => (world, random) => {
      const kind = outsideFaults[index % outsideFaults.length] ?? "outage";
      return { world, fault: faultFromOutside(world, kind, random) };
    },
    { withRollbacks },
  );
  const what = withRollbacks ? "no suspect, with rollbacks" : "no suspect";
  const share = shareOf(what, all, ({ suspicion }) => suspicion.suspects.length === 0);
  expect(share).toBeGreaterThanOrEqual(LEAST_SHARE);
  for (const { suspicion } of all) {
    expect(suspicion.suspects.length === 0).toBe(suspicion.withoutSuspect !== undefined);
  }
}

/** How many kinds of fault there are in them. */
export function kindsIn(all: readonly Judged[]): number {
  return new Set(all.map(({ fault }) => fault.name)).size;
}

function isRight({ fault, suspicion }: Judged): boolean {
  return suspicion.suspects[0]?.release === fault.guilty;
}

function histories(
  count: number,
  seed: number,
  makerOf: (index: number) => Making,
  options: { readonly withRollbacks?: boolean } = {},
): Judged[] {
  return Array.from({ length: count }, (_, index) => judged(seed + index, makerOf(index), options));
}

/** The judgement of a history with a fault that somebody would notice. */
function judged(seed: number, make: Making, options: { readonly withRollbacks?: boolean }): Judged {
  const random = new Random(seed);
  for (;;) {
    const made = make(makeWorld(random, options), random);
    const symptoms = made === undefined ? undefined : measureWorld(made.world, made.fault, random);
    if (made !== undefined && symptoms !== undefined) {
      const changes = changesOf(made.world).filter(({ moments }) => (moments[0]?.at ?? 0) <= symptoms.now);
      return { fault: made.fault, suspicion: rankSuspects(changes, symptoms) };
    }
  }
}

/** The share of right ones, told with how many of each kind of fault are. */
function shareOf(what: string, all: readonly Judged[], isRight: (each: Judged) => boolean): number {
  const share = all.filter(isRight).length / all.length;
  const kinds = [...Map.groupBy(all, ({ fault }) => fault.name)].map(
    ([name, list]) => `${name} ${list.filter(isRight).length}/${list.length}`,
  );
  console.info(`${what}: ${(share * 100).toFixed(1)} % (${kinds.join(", ")})`);
  return share;
}
