import type { Announcer } from "../ports/announcer.ts";
import type { Clock } from "../ports/clock.ts";
import type { Progress } from "../ports/progress.ts";
import type { Redactor } from "../redaction/redactor.ts";

/** What a release needs besides its ledger and its handlers. */
export interface ReleasePorts {
  /** The target's time, that checkpoints become due on: local AWS's can be ahead, and is moved by waiting. */
  readonly clock: Clock;
  /** The machine's time, for how long a step takes and for the pause before one is tried again. */
  readonly systemClock: Clock;
  /** A step is the phase `ENV.STEP`, such as `prod.code.publish.api-handler`. */
  readonly progress: Progress;
  /** Takes secrets out of whatever a step says, shows or throws: its handler need not think of it. The ledger's own, so that both know all. */
  readonly redactor: Redactor;
  /** What commands to type next need after the environment's name, with a space before it: ` --local`. */
  readonly flags?: string;
  /** Nobody is told where there is none. */
  readonly announcer?: Announcer;
}
