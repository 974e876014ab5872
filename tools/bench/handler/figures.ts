import type { Figure, Target } from "../benchmark.ts";
import { compareRounds } from "../compare-rounds.ts";
import { median } from "../median.ts";
import type { ColdStart } from "./cold-start.ts";
import { type ApiName, type EquivalentName, equivalentNames, type SideName, sideNames, titles } from "./sides.ts";

/** What was measured, round by round. */
export interface Measured {
  readonly coldStarts: Readonly<Record<SideName, readonly ColdStart[]>>;
  /** Processor time of a request, in microseconds. */
  readonly cpu: Readonly<Record<ApiName, readonly number[]>>;
  /** Sizes of the bundles. */
  readonly bytes: Readonly<Record<SideName, number>>;
}

/** Our whole bundle, beside the document client that every API of this kind has to import. */
const toClient: Target = { is: "at most", value: 1 };
const toEquivalent: Target = { is: "at most", value: 0.65 };
const toBest: Target = { is: "at most", value: 1 };

/** Every figure of the handler; those of the first answer and of the sizes explain the ones that have a target. */
export function figuresOf({ coldStarts, cpu, bytes }: Measured): Figure[] {
  const others = sideNames.filter((name) => name !== "ours");
  const against = (name: SideName, part: keyof ColdStart) => ({
    ...{ comparison: "ratio" as const, unit: "ms" },
    ours: coldStarts.ours.map((start) => start[part]),
    reference: coldStarts[name].map((start) => start[part]),
  });
  const cpuAgainst = (name: ApiName) => ({
    ...{ comparison: "ratio" as const, unit: "microseconds of processor time per request" },
    ...{ ours: cpu.ours, reference: cpu[name] },
  });
  const kilobytes = (name: SideName) => [bytes[name] / 1024];
  return [
    ...others.map((name) =>
      compareRounds({
        ...{ name: `import ms, ${titles[name]}`, ...against(name, "importMs") },
        target: name === "documentClient" ? toClient : toEquivalent,
      }),
    ),
    ...others.map((name) => compareRounds({ name: `answer ms, ${titles[name]}`, ...against(name, "firstAnswerMs") })),
    compareRounds({ name: "CPU µs, best of three", ...cpuAgainst(bestOf(cpu)), target: toBest }),
    ...equivalentNames.map((name) => compareRounds({ name: `CPU µs, ${titles[name]}`, ...cpuAgainst(name) })),
    ...others.map((name) =>
      compareRounds({
        ...{ name: `bundle KB, ${titles[name]}`, unit: "KB", comparison: "ratio" as const },
        ...{ ours: kilobytes("ours"), reference: kilobytes(name) },
      }),
    ),
  ];
}

/** The equivalent whose requests cost least, by the median of all rounds: the lowest of each round would be luck. */
export function bestOf(cpu: Measured["cpu"]): EquivalentName {
  const [first, ...rest] = equivalentNames;
  return rest.reduce<EquivalentName>((best, name) => (median(cpu[name]) < median(cpu[best]) ? name : best), first);
}
