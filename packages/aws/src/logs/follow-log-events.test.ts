import { type LogEvent, ReleaseError } from "@slipway/release-engine";
import { ManualClock } from "@slipway/testing";
import fc from "fast-check";
import { expect, test } from "vitest";
import { collect } from "../test/collect.ts";
import { type FollowOptions, followLogEvents } from "./follow-log-events.ts";

const START = Date.UTC(2026, 10, 28, 3);

function event(at: number, id: string): LogEvent {
  return { id, at: START + at, ingestedAt: START + at, group: "g", stream: "s", message: id };
}

/** Follows what `looks` shows at each look, until there are no more; a look may fail. */
async function follow(
  looks: readonly (readonly LogEvent[] | Error)[],
  options: Partial<FollowOptions> = {},
): Promise<{ given: string[]; starts: number[]; pauses: number[] }> {
  const clock = new ManualClock(START);
  const stop = new AbortController();
  const starts: number[] = [];
  const pauses: number[] = [];
  let slept = START;
  async function* read(from: number): AsyncGenerator<LogEvent> {
    pauses.push(clock.now() - slept);
    slept = clock.now();
    const look = looks[starts.length] ?? [];
    starts.push(from - START);
    if (starts.length >= looks.length) {
      stop.abort();
    }
    if (look instanceof Error) {
      throw look;
    }
    yield* look.filter(({ at }) => at >= from);
  }
  const given: string[] = [];
  const settings = { from: START, pollMs: 2_000, clock, signal: stop.signal, ...options };
  for await (const { id } of followLogEvents(read, settings)) {
    given.push(id);
  }
  return { given, starts, pauses };
}

function failure(kind: "throttled" | "denied"): ReleaseError {
  return new ReleaseError({ kind, what: "a", why: "b", next: "c" });
}

test("each look begins a minute before the newest event, and never before the beginning", async () => {
  const { starts } = await follow([[event(90_000, "a")], [], []], { clock: new ManualClock(START + 200_000) });

  expect(starts).toEqual([0, 30_000, 30_000]);
});

test("an event that carries a time to come does not hide those of now", async () => {
  const { given } = await follow([
    [event(3_600_000, "to come")],
    [event(1_000, "now"), event(3_600_000, "to come")],
    [],
  ]);

  expect(given).toEqual(["to come", "now"]);
});

test("what comes seldom does not make looks longer and longer", async () => {
  const looks = Array.from({ length: 1_000 }, () => []);

  const { starts } = await follow(looks);

  // Half an hour of looks, of which the last goes back a quarter of an hour.
  expect(starts.at(-1)).toBe(998 * 2_000 - 15 * 60_000);
});

test("a beginning that was broken off is read on from where it was, however long that takes", async () => {
  const old = Array.from({ length: 5 }, (_, hour) => event(hour * 3_600_000, `h${hour}`));
  let looks = 0;
  const clock = new ManualClock(START + 24 * 3_600_000);
  const stop = new AbortController();
  async function* read(from: number): AsyncGenerator<LogEvent> {
    looks++;
    yield* old.filter(({ at }) => at >= from).slice(0, looks < 3 ? 3 : undefined);
    if (looks < 3) {
      throw failure("throttled");
    }
    stop.abort();
  }

  const given = await collect(followLogEvents(read, { from: START, pollMs: 2_000, clock, signal: stop.signal }));

  expect(given.map(({ id }) => id)).toEqual(["h0", "h1", "h2", "h3", "h4"]);
});

test("trouble makes the pauses longer, up to ten seconds, until it has passed", async () => {
  const trouble = Array.from({ length: 5 }, () => failure("throttled"));

  const { pauses } = await follow([[], ...trouble, [], []]);

  expect(pauses).toEqual([0, 2_000, 4_000, 8_000, 10_000, 10_000, 10_000, 2_000]);
});

test("what does not pass by itself is thrown", async () => {
  await expect(follow([[], failure("denied"), []])).rejects.toThrow("a.");
});

test("a first look that fails is thrown, even for what passes", async () => {
  await expect(follow([failure("throttled"), []])).rejects.toThrow("a.");
});

test("each event comes once, whatever comes late and however little is remembered", async () => {
  const arrivals = fc.array(
    fc.record({ at: fc.integer({ min: 0, max: 100_000 }), late: fc.integer({ min: 0, max: 50_000 }) }),
    { maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(arrivals, fc.constantFrom(5, 100_000), async (made, mostSeen) => {
      const events = made.map(({ at, late }, index) => ({ ...event(at, `e${index}`), ingestedAt: START + at + late }));
      const looks = Array.from({ length: 80 }, (_, look) =>
        events.filter(({ ingestedAt }) => ingestedAt <= START + look * 2_000).sort((left, right) => left.at - right.at),
      );

      const { given } = await follow(looks, { mostSeen });

      expect(new Set(given).size).toBe(given.length);
      if (mostSeen === 100_000) {
        expect([...given].sort()).toEqual(events.map(({ id }) => id).sort());
      }
    }),
    { numRuns: 100 },
  );
});
