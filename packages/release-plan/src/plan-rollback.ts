import type {
  PlannedStep,
  ReleasePlan,
  ReturnedFunction,
  RollbackPart,
  RollsBack,
  SourceRevision,
} from "@slipway/contracts";
import { checkpointSteps, infrastructureSteps, proveStep, publishStep } from "./planned-steps.ts";
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
  /** Where each function goes; with the infrastructure alone it stays where it is, and `version` is `from`. */
  readonly functions: readonly ReturnedFunction[];
  /** How many people have to approve what the infrastructure's part changes; known where that goes back. */
  readonly approvals?: number;
  /** Restored tables that its infrastructure is to be planned with. */
  readonly tablesInUse?: RollsBack["tablesInUse"];
}

/**
 * The steps of a rollback that is a release of its own. It makes nothing new: versions, artifacts and the commit are those of the release
 * that it goes to, as the ledger has them. The traffic comes first, because users wait for it; what is slow comes after.
 *
 *     code             traffic.return ----------------------------------------------------+
 *                                                                                         +--> verify, checkpoints
 *     infrastructure   plan, approve, apply, validate --> publish, prove --> promote -----+
 *
 * With both, nothing is tested between the two: what is wrong with the infrastructure may be why no test passes, and must not keep it
 * from going back.
 */
export function planRollback(facts: RollbackFacts): ReleasePlan {
  const { environment, release, from, to, source, parts, functions, tablesInUse } = facts;
  const movesCode = parts.includes("code");
  const movesInfrastructure = parts.includes("infrastructure");
  return {
    version: 1,
    environment,
    release,
    source,
    previous: from,
    rollsBack: { from, to, parts: [...parts], functions: [...functions], ...(tablesInUse && { tablesInUse }) },
    steps: [
      ...(movesCode ? [returnStep(facts)] : []),
      ...(movesInfrastructure ? infrastructureBack(facts) : []),
      ...(movesCode || movesInfrastructure
        ? [verifyStep, ...checkpointSteps({ environment, previous: from, isRollback: true })]
        : []),
    ],
  };
}

const scenario2 = "Rollback Procedures, Scenario 2: Infrastructure Issues";

function infrastructureBack(facts: RollbackFacts): PlannedStep[] {
  const { environment, from, to, source, functions, approvals } = facts;
  const commit = source.commit?.slice(0, 12) ?? "no commit";
  const words: Partial<Record<PlannedStep["kind"], Partial<PlannedStep>>> = {
    "infrastructure.plan": {
      title: `plan the infrastructure of ${to}`,
      because: `with the modules of its commit ${commit}, in a worktree of its own, against what is there today`,
    },
    "infrastructure.approve":
      approvals === undefined
        ? { because: "the rules in force say whose approval it takes, if the plan changes anything" }
        : {},
    "infrastructure.apply": {
      because: "a copy of the state is made before; what would destroy data is refused without a verified backup",
      undo: `slipway rollback ${environment} infrastructure --to ${from} plans the way there again; the plan marks what no plan brings back`,
    },
    "infrastructure.validate": {
      because: "what is there is looked at, and another plan has to find nothing to change",
    },
  };
  return [
    ...infrastructureSteps({ environment }, { approvals: approvals ?? 0, askedBy: "the rules in force" }).map(
      (step) => ({
        ...step,
        ...words[step.kind],
        guide: scenario2,
      }),
    ),
    ...functions.map(({ function: name, version }) => ({
      ...publishStep(name),
      title: `publish ${name} under the configuration that is there again`,
      because: `the code of version ${version}, as it was uploaded then; nothing is built, and nothing published where that version has this configuration`,
    })),
    ...functions.map(({ function: name }) => proveStep(name)),
    ...(functions.length === 0 ? [] : [promoteBack(facts)]),
  ];
}

function promoteBack({ environment, from, to }: RollbackFacts): PlannedStep {
  return {
    id: "traffic.promote",
    kind: "traffic.promote",
    title: "give all of the traffic to what was published",
    because: `no canary: it is code that has run before, under the configuration of ${to}, which has, too`,
    guide: scenario2,
    undo: `slipway rollback ${environment} --to ${from} sends it back to those of ${from}`,
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
