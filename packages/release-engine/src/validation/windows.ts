import type { ValidationWindow } from "@slipway/contracts";
import { windowSeconds } from "@slipway/release-plan";

/** A window of the guide's "Post-Deployment Validation". */
export interface WindowFacts {
  readonly lengthMs: number;
  /** Its heading. */
  readonly title: string;
  /** As sentences call its length. */
  readonly length: string;
  /** As it is typed. */
  readonly word: string;
}

/** The guide's windows, in its order: a later one asks what the earlier ones ask, about its own length of time, and more. */
export const WINDOWS: Readonly<Record<ValidationWindow, WindowFacts>> = {
  immediate: {
    lengthMs: windowSeconds.immediate * 1_000,
    title: "Immediate validation (first 5 minutes)",
    length: "5 minutes",
    word: "5m",
  },
  short: {
    lengthMs: windowSeconds.short * 1_000,
    title: "Short-term validation (first hour)",
    length: "hour",
    word: "1h",
  },
  extended: {
    lengthMs: windowSeconds.extended * 1_000,
    title: "Extended validation (first 24 hours)",
    length: "24 hours",
    word: "24h",
  },
};

const ORDER: readonly ValidationWindow[] = ["immediate", "short", "extended"];

/** The windows whose checks belong to a window: itself, and those before it. */
export function windowsUpTo(window: ValidationWindow): readonly ValidationWindow[] {
  return ORDER.slice(0, ORDER.indexOf(window) + 1);
}
