import type { Dependencies } from "./incident-measurements.ts";

/** A thing and everything that it needs, directly or not. */
export function needsOf(dependencies: Dependencies, node: string): ReadonlySet<string> {
  const seen = new Set([node]);
  for (const each of seen) {
    for (const needed of dependencies[each] ?? []) {
      seen.add(needed);
    }
  }
  return seen;
}
