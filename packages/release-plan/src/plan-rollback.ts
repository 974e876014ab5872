import type { PlannedStep, ReleasePlan, ReturnedFunction, RollbackPart, SourceRevision } from "@slipway/contracts";
import { checkpointSteps } from "./planned-steps.ts";
import { verifyStep } from "./verify-step.ts";

/** What is known when a rollback is planned that is a release of its own. */
export interface RollbackFacts {
  readonly environment: string;
  /** The number of this rollback, in the same row as those of the releases: `r12`. */
  readonly release: string;
  /** The release that has the traffic. */
  readonly from: string;
  /** The release to go to. */
  readonly to: string;
  /** What that one was made of. */
  readonly source: SourceRevision;
  readonly parts: readonly RollbackPart[];
  /** Of the code part: where each function goes. */
  readonly functions: readonly ReturnedFunction[];
}

/**
 * The steps of a rollback that is a release of its own. It makes nothing new: versions, artifacts and the commit are those of the release
 * that it goes to, as the ledger has them. The traffic comes first, because users wait for it; what is slow comes after.
 */
export function planRollback(facts: RollbackFacts): ReleasePlan {
  const { environment, release, from, to, source, parts, functions } = facts;
  const movesCode = parts.includes("code");
  return {
    version: 1,
    environment,
    release,
    source,
    previous: from,
    rollsBack: { from, to, parts: [...parts], functions: [...functions] },
    steps: [
      ...(movesCode
        ? [returnStep(facts), verifyStep, ...checkpointSteps({ environment, previous: from, isRollback: true })]
        : []),
    ],
  };
}

function returnStep({ environment, from, to, functions }: RollbackFacts): PlannedStep {
  return {
    id: "traffic.return",
    kind: "traffic.return",
    title: `send all of the traffic to the versions of ${to}`,
    because: functions.map((each) => `${each.functionName} from version ${each.from} to ${each.version}`).join(", "),
    guide: "Rollback Procedures, Scenario 1: Lambda Code Issues",
    undo: `slipway rollback ${environment} --to ${from} sends it back to those of ${from}`,
  };
}
