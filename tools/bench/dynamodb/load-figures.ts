import type { Figure } from "../benchmark.ts";
import { compareRounds } from "../compare-rounds.ts";
import type { LoadResult } from "./items-load.ts";

const target = { is: "at least", value: 0.8 } as const;

/** `1843 against 1902`, for the line of a round. */
export function describeLoad(ours: LoadResult, reference: LoadResult): string {
  return `${Math.round(ours.perSecond)} against ${Math.round(reference.perSecond)}`;
}

/**
 * The figures of one operation, from the rounds of both sides. The second figure explains the first: the client needs the same processor, and
 * the server's own time is less noisy.
 */
export function figuresOf<P extends string>(
  operation: string,
  part: P,
  { ours, reference }: { ours: readonly Record<P, LoadResult>[]; reference: readonly Record<P, LoadResult>[] },
): Figure[] {
  return [
    compareRounds({
      ...{ name: `${operation} per second`, unit: "requests per second", comparison: "ratio", target },
      ours: ours.map((turn) => turn[part].perSecond),
      reference: reference.map((turn) => turn[part].perSecond),
    }),
    compareRounds({
      ...{ name: `${operation} server CPU ms`, unit: "processor seconds of the server per 1,000 requests" },
      comparison: "ratio",
      ours: ours.map((turn) => turn[part].serverCpuMs),
      reference: reference.map((turn) => turn[part].serverCpuMs),
    }),
  ];
}
