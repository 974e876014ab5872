import type { ActionKind, Severity, SignalKind } from "@slipway/contracts";
import type { Plant } from "../../ports/game-stage.ts";

/** A rehearsal with a planted fault. */
export interface GameDay {
  /** As it is typed. */
  readonly name: string;
  /** What happens, for who chooses one. */
  readonly summary: string;
  readonly plants: readonly Plant[];
  /** How bad the guide would call it. */
  readonly severities: readonly Severity[];
  /** How many incidents it is: two faults that have nothing to do with each other are two. */
  readonly incidents: number;
  /**
   * Signals of which each has to be among those of its incidents; of a list, one of them: what is taken back a minute after it was seen in one
   * place is not seen in the others any more.
   */
  readonly signals: readonly (SignalKind | readonly SignalKind[])[];
  /** What cures it: an action that Slipway takes by itself, or one of those that it has to name to a person. */
  readonly cure:
    | { readonly by: "slipway"; readonly action: ActionKind }
    | { readonly by: "person"; readonly proposes: readonly ActionKind[] };
  /** What else it has to name to a person, where Slipway cures one fault of two. */
  readonly alsoProposes?: readonly ActionKind[];
  /** Minutes after which the fault ends where it is not ours to cure; with the person's cure, unless given. */
  readonly passesAfterMinutes?: number;
  /** Whether what was acknowledged before is damaged by it, so that its absence is no verdict on the cure. */
  readonly damagesData?: true;
}
