import { describe, expect, it } from "vitest";
import { rankSuspects, type Suspicion } from "./rank-suspects.ts";
import {
  type Fault,
  faultFromOutside,
  faultOfAnyRollback,
  faultOfRelease,
  faultOfTakenBack,
  outsideFaults,
} from "./test/faults.ts";
import { measureWorld } from "./test/measure-world.ts";
import { Random } from "./test/random.ts";
import { changesOf, makeWorld, type World } from "./test/world.ts";

const HISTORIES = 200;
const SEED = 90_000;
const TIMEOUT_MS = 60_000;

interface Judged {
  readonly fault: Fault;
  readonly suspicion: Suspicion;
}

/** The judgement of a history with a fault that somebody would notice. */
function judged(
  seed: number,
  make: (world: World, random: Random) => { fault: Fault; world: World } | undefined,
  options: { readonly withRollbacks?: boolean } = {},
): Judged {
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

describe("rankSuspects", () => {
  it(`puts the guilty release first in at least 95 % of ${HISTORIES} made-up histories`, {
    timeout: TIMEOUT_MS,
  }, () => {
    const all = Array.from({ length: HISTORIES }, (_, index) => judged(SEED + index, faultOfRelease));
    const share = shareOf(
      "guilty first",
      all,
      ({ fault, suspicion }) => suspicion.suspects[0]?.release === fault.guilty,
    );
    expect(share).toBeGreaterThanOrEqual(0.95);
  });

  it(`suspects nobody in at least 95 % of ${HISTORIES} histories where no release is the cause`, {
    timeout: TIMEOUT_MS,
  }, () => {
    const all = Array.from({ length: HISTORIES }, (_, index) =>
      judged(SEED + 5_000 + index, (world, random) => {
        const kind = outsideFaults[index % outsideFaults.length] ?? "outage";
        return { world, fault: faultFromOutside(world, kind, random) };
      }),
    );
    const share = shareOf("no suspect", all, ({ suspicion }) => suspicion.suspects.length === 0);
    expect(share).toBeGreaterThanOrEqual(0.95);
    for (const { suspicion } of all) {
      expect(suspicion.suspects.length === 0).toBe(suspicion.withoutSuspect !== undefined);
    }
  });

  it(`puts it first in at least 95 % of ${HISTORIES} histories in which releases were rolled back`, {
    timeout: TIMEOUT_MS,
  }, () => {
    const makers = [faultOfAnyRollback, faultOfTakenBack, faultOfRelease, faultOfRelease];
    const all = Array.from({ length: HISTORIES }, (_, index) =>
      judged(SEED + 10_000 + index, makers[index % makers.length] ?? faultOfRelease, { withRollbacks: true }),
    );
    const isRight = ({ fault, suspicion }: Judged) => suspicion.suspects[0]?.release === fault.guilty;
    expect(shareOf("guilty first, with rollbacks", all, isRight)).toBeGreaterThanOrEqual(0.95);
    // Each kind by itself: of fewer, a little less.
    for (const [index, what] of ["went back to what is bad", "was taken back", "one and another"].entries()) {
      const own = all.filter((_, each) => Math.min(2, each % makers.length) === index);
      expect(shareOf(what, own, isRight), what).toBeGreaterThanOrEqual(0.92);
    }
  });

  it(`suspects nobody in at least 95 % of ${HISTORIES} such histories where no release is the cause`, {
    timeout: TIMEOUT_MS,
  }, () => {
    const all = Array.from({ length: HISTORIES }, (_, index) =>
      judged(
        SEED + 15_000 + index,
        (world, random) => {
          const kind = outsideFaults[index % outsideFaults.length] ?? "outage";
          return { world, fault: faultFromOutside(world, kind, random) };
        },
        { withRollbacks: true },
      ),
    );
    const share = shareOf("no suspect, with rollbacks", all, ({ suspicion }) => suspicion.suspects.length === 0);
    expect(share).toBeGreaterThanOrEqual(0.95);
  });

  it("suspects nobody where nothing has changed, and says so", () => {
    const at = Date.parse("2026-03-02T10:00:00Z");
    const suspicion = rankSuspects([], {
      now: at + 600_000,
      onset: { at, errorMs: 60_000 },
      lastSeenAt: at + 600_000,
      signals: [{ kind: "errors", resource: { type: "api", name: "items-api-prod/prod" } }],
      versions: [],
      errors: [],
    });
    expect(suspicion.suspects).toEqual([]);
    expect(suspicion.withoutSuspect).toContain("no release has changed anything");
  });
});
