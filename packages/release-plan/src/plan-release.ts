import type { AdoptedVersion, PlannedStep, ReleasePlan, SourceRevision } from "@slipway/contracts";

import { hasPredecessor } from "./has-predecessor.ts";
import {
  checklist,
  checkpointSteps,
  infrastructureSteps,
  packageStep,
  phase2,
  phase3,
  proveStep,
  publishStep,
  smoke,
  uploadStep,
} from "./planned-steps.ts";

/** What is known when a release is planned. */
export interface ReleaseFacts {
  readonly environment: string;
  /** The number of this release: `r12`. */
  readonly release: string;
  readonly source: SourceRevision;
  /** The release that has the traffic now; null for the first. */
  readonly previous: string | null;
  /** Where that is null: versions that have traffic all the same, deployed by hand. */
  readonly adopts?: readonly AdoptedVersion[];
  /** Names of the functions in the configuration, in their order. */
  readonly functions: readonly string[];
}

/** What the configuration, and the rules before it, say about how to release. */
export interface ReleasePolicy {
  /** How many people other than the author have to approve the infrastructure's plan. */
  readonly approvals: number;
  /** Whose rules ask for them, in words; the configuration's, unless given. */
  readonly askedBy?: string;
  readonly canary: readonly { readonly percent: number; readonly holdSeconds: number }[];
}

/**
 * The steps of a release, in their order: infrastructure, code, traffic, and the checkpoints after it. What is shown before a release,
 * what it does, and what a resumed one goes on with is this one plan.
 *
 * Nothing is shifted before all functions are published and proven; then all of them are shifted together.
 *
 * @example
 * planRelease(
 *   { environment: "prod", release: "r2", source, previous: "r1", functions: ["api-handler"] },
 *   { approvals: 1, canary: [{ percent: 10, holdSeconds: 300 }] },
 * ).steps.map((step) => step.id);
 * // checklist, infrastructure.plan, ..., code.publish.api-handler, ..., traffic.shift.10, traffic.judge.10, traffic.promote, smoke, ...
 */
export function planRelease(facts: ReleaseFacts, policy: ReleasePolicy): ReleasePlan {
  const { environment, release, source, previous, functions, adopts = [] } = facts;
  return {
    version: 1,
    environment,
    release,
    source,
    previous,
    ...(adopts.length > 0 && { adopts: [...adopts] }),
    steps: [
      checklist,
      ...infrastructureSteps(facts, policy),
      ...functions.map(packageStep),
      ...functions.map(uploadStep),
      ...functions.map(publishStep),
      ...functions.map(proveStep),
      ...trafficSteps(facts, policy),
      smoke,
      ...checkpointSteps(facts),
    ],
  };
}

function trafficSteps(facts: ReleaseFacts, { canary }: ReleasePolicy): PlannedStep[] {
  const { environment, functions } = facts;
  const isFirst = !hasPredecessor(facts);
  const way = `slipway rollback ${environment} puts it back, one call a function`;
  const putBack = isFirst ? `${way}, until it is live: after that nothing is left to go back to.` : `${way}.`;
  const together = functions.length > 1 ? "all functions move together" : undefined;
  const stages = isFirst ? [] : canary;
  return [
    ...stages.flatMap(({ percent, holdSeconds }): PlannedStep[] => [
      {
        id: `traffic.shift.${percent}`,
        kind: "traffic.shift",
        title: `send ${percent} % of the traffic to the new version`,
        ...(together !== undefined && { because: together }),
        guide: phase2,
        undo: putBack,
        percent,
      },
      {
        id: `traffic.judge.${percent}`,
        kind: "traffic.judge",
        title: `judge it against the version before, ${duration(holdSeconds)}`,
        guide: `${phase3}, Step 3: Verify Metrics`,
        undo: `It changes nothing; a bad verdict puts the traffic back.`,
        percent,
        holdSeconds,
      },
    ]),
    {
      id: "traffic.promote",
      kind: "traffic.promote",
      title: "send all of the traffic to the new version",
      ...because(facts, canary.length, together),
      guide: phase2,
      undo: putBack,
    },
  ];
}

function because(facts: ReleaseFacts, stages: number, together: string | undefined): { because?: string } {
  const isFirst = !hasPredecessor(facts);
  const adopted = (facts.adopts ?? [])
    .map(({ function: name, version }) => `version ${version} of ${name}`)
    .join(" and ");
  const reasons = [
    adopted === "" ? undefined : `${adopted}, deployed by hand, has the traffic: it is compared with that`,
    isFirst ? "nothing ran before this first release that it could be compared with" : undefined,
    !isFirst && stages === 0 ? "the configuration asks for no canary" : undefined,
    together,
  ].filter((reason) => reason !== undefined);
  return reasons.length === 0 ? {} : { because: reasons.join("; ") };
}

function duration(seconds: number): string {
  const [value, unit] = seconds % 60 === 0 ? [seconds / 60, "min"] : [seconds, "s"];
  return `${value} ${unit}`;
}
