import type { ErrorKind } from "./kind-of-error.ts";

/** What can be the cause. The first three are parts of a release; what comes after them no release has done. */
export type Cause = "code" | "infrastructure" | "data" | OutsideCause;

/** A cause that is no release. */
export type OutsideCause =
  /** A service that functions call does not answer as it should. */
  | "dependency"
  /** Many more requests than usual. */
  | "traffic"
  /** Requests of few callers that the code cannot take. */
  | "input"
  /** A limit is reached that was there all the time. */
  | "limit"
  /** A permission was taken away, by a person. */
  | "permission"
  /** Items were written, by a person, that the code cannot take. */
  | "write"
  /** Something that has leaked for as long as anybody can see. */
  | "leak";

/** How errors are shared out among what they can speak of; `none`: nothing is logged. Each row comes to about 1. */
export type KindShares = Readonly<Record<ErrorKind | "none", number>>;

/** A row of shares, in the order of the columns. */
export const row = (
  code: number,
  timeout: number,
  memory: number,
  throttled: number,
  denied: number,
  missing: number,
  network: number,
  data: number,
  none: number,
): KindShares => ({ code, timeout, memory, throttled, denied, missing, network, data, none });

/** What each cause makes the logs say. Infrastructure's depends on what was changed (`changed-things.ts`). */
export const kindShares: Readonly<Record<Exclude<Cause, "infrastructure">, KindShares>> = {
  code: row(0.48, 0.14, 0.1, 0.05, 0.03, 0.05, 0.04, 0.07, 0.04),
  data: row(0.3, 0.01, 0.01, 0.02, 0.01, 0.1, 0.01, 0.52, 0.02),
  dependency: row(0.02, 0.2, 0.01, 0.02, 0.01, 0.01, 0.71, 0.01, 0.01),
  traffic: row(0.01, 0.15, 0.02, 0.7, 0.01, 0.01, 0.04, 0.01, 0.05),
  input: row(0.46, 0.06, 0.05, 0.01, 0.01, 0.02, 0.01, 0.36, 0.02),
  limit: row(0.01, 0.04, 0.01, 0.88, 0.01, 0.01, 0.02, 0.01, 0.01),
  permission: row(0.01, 0.01, 0.01, 0.01, 0.92, 0.01, 0.01, 0.01, 0.01),
  write: row(0.32, 0.01, 0.01, 0.01, 0.01, 0.03, 0.01, 0.58, 0.02),
  leak: row(0.03, 0.2, 0.72, 0.01, 0.01, 0.01, 0.01, 0.01, 0.01),
};

/** How often a cause's errors were never seen before. */
export const noveltyShares: Readonly<Record<Cause, number>> = {
  ...{ code: 0.95, infrastructure: 0.93, data: 0.9 },
  ...{ dependency: 0.5, traffic: 0.5, input: 0.6, limit: 0.5, permission: 0.8, write: 0.75, leak: 0.1 },
};

/** How often something is to blame, before anything is known. Releases share theirs: what has changed is what is to blame, mostly. */
export const priors: Readonly<Record<OutsideCause | "release", number>> = {
  release: 0.6,
  ...{ dependency: 0.1, traffic: 0.07, input: 0.06, limit: 0.05, permission: 0.04, write: 0.05, leak: 0.03 },
};

export const outsideCauses: readonly OutsideCause[] = [
  "dependency",
  "traffic",
  "input",
  "limit",
  "permission",
  "write",
  "leak",
];
