import type { AdoptedVersion, PlannedStep, ReleasePlan, SourceRevision, ValidationWindow } from "@slipway/contracts";

import { hasPredecessor } from "./has-predecessor.ts";

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
      ...checkpoints.map((checkpoint) => checkpointStep(facts, checkpoint)),
    ],
  };
}

const changesNothing = "It changes nothing.";
const phase1 = "Phase 1: Infrastructure Deployment";
const phase2 = "Phase 2: Lambda Deployment";
const phase3 = "Phase 3: Smoke Testing";

const checklist: PlannedStep = {
  id: "checklist",
  kind: "checklist",
  title: "go through the checklist",
  guide: "Pre-Deployment Checklist",
  undo: changesNothing,
};

const smoke: PlannedStep = {
  id: "smoke",
  kind: "smoke",
  title: "test the API from outside",
  guide: `${phase3}, Step 1: Run Smoke Tests`,
  undo: "It deletes what it creates.",
};

function infrastructureSteps(
  { environment }: ReleaseFacts,
  { approvals, askedBy = "the configuration" }: ReleasePolicy,
): PlannedStep[] {
  const people = approvals === 1 ? "1 person other than the author" : `${approvals} people other than the author`;
  return [
    {
      id: "infrastructure.plan",
      kind: "infrastructure.plan",
      title: "plan the infrastructure",
      guide: `${phase1}, Step 1: Prepare Infrastructure Changes`,
      undo: changesNothing,
    },
    {
      id: "infrastructure.approve",
      kind: "infrastructure.approve",
      title: "get the plan approved",
      because:
        approvals === 0
          ? `no approval is asked for by ${askedBy}; what the plan gate stops still needs one`
          : `the approval of ${people} is asked for by ${askedBy}, if the plan changes anything`,
      guide: `${phase1}, Step 2: Review and Approve Changes`,
      undo: `It changes nothing; slipway rollback ${environment} ends a release that nobody approves.`,
    },
    {
      id: "infrastructure.apply",
      kind: "infrastructure.apply",
      title: "apply exactly that plan",
      guide: `${phase1}, Step 3: Apply Infrastructure Changes`,
      undo: "What it changes stays when the code is put back; releasing the commit before plans the way back.",
    },
    {
      id: "infrastructure.validate",
      kind: "infrastructure.validate",
      title: "validate the infrastructure",
      guide: `${phase1}, Step 4: Validate Infrastructure`,
      undo: changesNothing,
    },
  ];
}

function packageStep(name: string): PlannedStep {
  return {
    id: `code.package.${name}`,
    kind: "code.package",
    title: `build and package ${name}`,
    guide: `${phase2}, Step 1: Build and Package Lambda Code`,
    undo: "It changes nothing outside of the working copy.",
    function: name,
  };
}

function uploadStep(name: string): PlannedStep {
  return {
    id: `code.upload.${name}`,
    kind: "code.upload",
    title: `upload ${name}`,
    guide: `${phase2}, Step 2: Upload Code to S3`,
    undo: "It adds one object, named by its digest, that nothing runs yet; it may stay.",
    function: name,
  };
}

function publishStep(name: string): PlannedStep {
  return {
    id: `code.publish.${name}`,
    kind: "code.publish",
    title: `publish a version of ${name}`,
    guide: `${phase2}, Step 2: Upload Code to S3`,
    undo: "It makes a version that no traffic goes to; it may stay.",
    function: name,
  };
}

function proveStep(name: string): PlannedStep {
  return {
    id: `code.prove.${name}`,
    kind: "code.prove",
    title: `test the version of ${name}`,
    because: "no traffic goes to a version that has not answered well",
    guide: `${phase2}, Step 3: Verify Lambda Deployment`,
    undo: "It deletes what it creates.",
    function: name,
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

interface Checkpoint {
  readonly window: ValidationWindow;
  readonly after: string;
  readonly guide: string;
}

const checkpoints: readonly Checkpoint[] = [
  { window: "immediate", after: "5 minutes", guide: "Immediate Validation (First 5 minutes)" },
  { window: "short", after: "1 hour", guide: "Short-term Validation (First hour)" },
  { window: "extended", after: "24 hours", guide: "Extended Validation (First 24 hours)" },
];

function checkpointStep(facts: ReleaseFacts, { window, after, guide }: Checkpoint): PlannedStep {
  return {
    id: `checkpoint.${window}`,
    kind: "checkpoint",
    title: `judge the release after ${after}`,
    ...(window !== "immediate" && {
      because: `slipway deploy does not wait for it; slipway watch ${facts.environment} does`,
    }),
    guide: `Post-Deployment Validation, ${guide}`,
    undo: !hasPredecessor(facts)
      ? "It changes nothing; a bad first release stays, because nothing ran before it: people are told."
      : "It changes nothing; a bad release is put back.",
    window,
  };
}

function duration(seconds: number): string {
  const [value, unit] = seconds % 60 === 0 ? [seconds / 60, "min"] : [seconds, "s"];
  return `${value} ${unit}`;
}
