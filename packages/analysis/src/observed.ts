/**
 * What an observation came to: all of it, or only a part, and why. A judgement on a part never says that all is well.
 */
export type Observed<T> =
  | { readonly complete: true; readonly value: T }
  | { readonly complete: false; readonly value: T; readonly gaps: readonly string[] };
