import type { PlannedStep, ValidationWindow } from "@slipway/contracts";
import { hasPredecessor, type Predecessors } from "./has-predecessor.ts";
import type { ReleaseFacts, ReleasePolicy } from "./plan-release.ts";

export const changesNothing = "It changes nothing.";
const phase1 = "Phase 1: Infrastructure Deployment";
export const phase2 = "Phase 2: Lambda Deployment";
export const phase3 = "Phase 3: Smoke Testing";

export const checklist: PlannedStep = {
  id: "checklist",
  kind: "checklist",
  title: "go through the checklist",
  guide: "Pre-Deployment Checklist",
  undo: changesNothing,
};

export const smoke: PlannedStep = {
  id: "smoke",
  kind: "smoke",
  title: "test the API from outside",
  guide: `${phase3}, Step 1: Run Smoke Tests`,
  undo: "It deletes what it creates.",
};

export function infrastructureSteps(
  { environment }: Pick<ReleaseFacts, "environment">,
  { approvals, askedBy = "the configuration" }: Pick<ReleasePolicy, "approvals" | "askedBy">,
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

export function packageStep(name: string): PlannedStep {
  return {
    id: `code.package.${name}`,
    kind: "code.package",
    title: `build and package ${name}`,
    guide: `${phase2}, Step 1: Build and Package Lambda Code`,
    undo: "It changes nothing outside of the working copy.",
    function: name,
  };
}

export function uploadStep(name: string): PlannedStep {
  return {
    id: `code.upload.${name}`,
    kind: "code.upload",
    title: `upload ${name}`,
    guide: `${phase2}, Step 2: Upload Code to S3`,
    undo: "It adds one object, named by its digest, that nothing runs yet; it may stay.",
    function: name,
  };
}

export function publishStep(name: string): PlannedStep {
  return {
    id: `code.publish.${name}`,
    kind: "code.publish",
    title: `publish a version of ${name}`,
    guide: `${phase2}, Step 2: Upload Code to S3`,
    undo: "It makes a version that no traffic goes to; it may stay.",
    function: name,
  };
}

export function proveStep(name: string): PlannedStep {
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

/** The checkpoints of a release, in their order. */
export function checkpointSteps(facts: CheckpointFacts): PlannedStep[] {
  return checkpoints.map((checkpoint) => checkpointStep(facts, checkpoint));
}

interface CheckpointFacts extends Pick<ReleaseFacts, "environment">, Predecessors {
  /** Of a rollback: it is never turned round by itself. */
  readonly isRollback?: boolean;
}

function checkpointStep(facts: CheckpointFacts, { window, after, guide }: Checkpoint): PlannedStep {
  return {
    id: `checkpoint.${window}`,
    kind: "checkpoint",
    title: `judge the release after ${after}`,
    ...(window !== "immediate" && {
      because: `slipway deploy does not wait for it; slipway watch ${facts.environment} does`,
    }),
    guide: `Post-Deployment Validation, ${guide}`,
    undo: facts.isRollback
      ? "It changes nothing; what is bad is told to people, because back would be where it was bad."
      : !hasPredecessor(facts)
        ? "It changes nothing; a bad first release stays, because nothing ran before it: people are told."
        : "It changes nothing; a bad release is put back.",
    window,
  };
}
