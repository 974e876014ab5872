/** How traffic is spread over a day: alike, or as people sleep and work. */
export type TrafficProfile = "steady" | "daily";

const DAY_MS = 86_400_000;
/** The busiest hour has so many times the requests of the quietest. */
const BUSIEST_MS = 15 * 3_600_000;
const SWING = 0.8;

/**
 * How many runs there are in each step: all of them together, none of them lost by rounding, and each profile's share in each step.
 *
 * @param from beginning of the first step, in milliseconds since the epoch
 */
export function spreadOverTime(
  runs: number,
  { from, steps, stepMs, profile }: { from: number; steps: number; stepMs: number; profile: TrafficProfile },
): number[] {
  const weights = Array.from({ length: steps }, (_, index) => weightAt(from + (index + 0.5) * stepMs, profile));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  let due = 0;
  let given = 0;
  return weights.map((weight) => {
    due += (runs * weight) / all;
    const now = Math.round(due) - given;
    given += now;
    return now;
  });
}

function weightAt(at: number, profile: TrafficProfile): number {
  return profile === "steady" ? 1 : 1 + SWING * Math.cos((2 * Math.PI * ((at % DAY_MS) - BUSIEST_MS)) / DAY_MS);
}
