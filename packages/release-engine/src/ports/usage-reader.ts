import type { ObservedUsage, TimeWindow } from "@slipway/analysis";
import type { StateResource } from "./terraform-states.ts";

/** What is looked at, and when. */
export interface UsageQuestion {
  readonly environment: string;
  /** What the environment's state has. */
  readonly resources: readonly StateResource[];
  readonly window: TimeWindow;
}

/** Sees how much of an environment was used. */
export interface UsageReader {
  /** Calls that fail are gaps of the answer, not errors: a part is better than nothing, as long as it says that it is one. */
  observe(question: UsageQuestion): Promise<ObservedUsage>;
}
