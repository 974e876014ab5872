import type { Assignment, Sample } from "./made-up-series.ts";

/** Combinations that are tried; one takes some tens of microseconds. */
const MAX_TRIED = 6_000;

/**
 * Combinations of what the metrics of an alarm may be, to be tried one after the other: all of one or two metrics; of more, all of
 * them alike, then combinations at random (always the same ones).
 *
 * @param candidates - samples by metric, the likeliest first; that a metric has no data is tried, too
 */
export function* assignments(candidates: ReadonlyMap<string, readonly Sample[]>): Generator<Assignment> {
  let tried = 0;
  for (const assignment of combinations([...candidates])) {
    if (tried++ >= MAX_TRIED) {
      return;
    }
    yield assignment;
  }
}

type Candidates = readonly (readonly [key: string, samples: readonly Sample[]])[];

function* combinations(candidates: Candidates): Generator<Assignment> {
  const [first, second] = candidates;
  if (first === undefined) {
    return;
  }
  const optionsOf = ([, samples]: Candidates[number]): readonly (Sample | undefined)[] => [...samples, undefined];
  if (candidates.length <= 2) {
    for (const one of optionsOf(first)) {
      for (const other of second === undefined ? [undefined] : optionsOf(second)) {
        yield assign([first[0], one], ...(second === undefined ? [] : [[second[0], other] as const]));
      }
    }
    return;
  }
  const longest = Math.max(...candidates.map((candidate) => optionsOf(candidate).length));
  const alike = (index: number): (readonly [string, Sample | undefined])[] =>
    candidates.map((candidate) => [candidate[0], optionsOf(candidate)[index]] as const);
  for (let index = 0; index < longest; index++) {
    yield assign(...alike(index));
  }
  const random = pseudoRandom();
  for (;;) {
    const base = alike(Math.floor(random() * longest));
    yield assign(
      ...base.map(([key, sample], index): readonly [string, Sample | undefined] => {
        const options = optionsOf(candidates[index] as Candidates[number]);
        return random() < 0.5 ? [key, sample] : [key, options[Math.floor(random() * options.length)]];
      }),
    );
  }
}

function assign(...entries: readonly (readonly [string, Sample | undefined])[]): Assignment {
  return new Map(entries.filter((entry): entry is readonly [string, Sample] => entry[1] !== undefined));
}

/** Numbers from 0 to 1 that are the same each time, so that a drill finds tomorrow what it found today (mulberry32). */
function pseudoRandom(): () => number {
  let state = 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
