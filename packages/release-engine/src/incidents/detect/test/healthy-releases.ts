import { Random } from "./random.ts";

/** Two or three releases a day, at any hour; one of four has a canary that is bad, and is put back. */
export function healthyReleases(seed: number, minutes: number): ReadonlyMap<number, "good" | "bad"> {
  const random = new Random(seed + 1_000);
  const releases = new Map<number, "good" | "bad">();
  let which = 0;
  for (let day = 0; day * 1_440 < minutes; day += 1) {
    for (const hour of [random.whole(0, 7), random.whole(9, 15), random.whole(17, 22)]) {
      which += 1;
      releases.set(day * 1_440 + hour * 60 + random.whole(0, 59), which % 4 === 3 ? "bad" : "good");
    }
  }
  return releases;
}
