import { rm } from "node:fs/promises";
import { settleChanges } from "@slipway/analysis";
import type { ChangeCounts, Json, LedgerEntry, PlanSummary, StepResult } from "@slipway/contracts";
import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import type { StateResource } from "../ports/terraform-states.ts";
import { learnSecrets } from "../redaction/learn-secrets.ts";
import type { Redactor } from "../redaction/redactor.ts";
import { assertSourceUnchanged } from "../release/assert-source-unchanged.ts";
import type { StepContext, StepHandler } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
import { Sensitive } from "../sensitive.ts";
import { askForApproval } from "./approve-step.ts";
import { assertReadable } from "./assert-readable.ts";
import { ensurePlan, isSameState, type ReadyPlan, whyUnusable } from "./ensure-plan.ts";
import { EventBatches } from "./event-batches.ts";
import type { InfrastructureSteps } from "./infrastructure-deps.ts";
import { keepState } from "./keep-state.ts";
import { breakLeftLock } from "./settle-step.ts";

/**
 * `infrastructure.apply`: applies exactly the plan that was approved. Broken off in the middle, the state has moved, so that the plan is
 * made anew; what is left of it goes through gate and approval again.
 */
export function applyStep(deps: InfrastructureSteps): StepHandler<"infrastructure.apply"> {
  return async (context) => {
    const ready = await ensurePlan(deps, context);
    const { summary, workspace } = ready;
    if (context.attempt > 1) {
      // There may be nothing left to apply, and then no Terraform would come across it until the next release.
      await breakLeftLock(deps, context, workspace);
    }
    const approval = await askForApproval(deps, context, summary);
    if ("paused" in approval) {
      return approval.paused;
    }
    if (!summary.changed) {
      const earlier = appliedBefore(await deps.entries(), context, summary);
      const result = await resultOf(deps, context, ready, earlier ?? summary.counts, earlier !== undefined);
      return earlier === undefined
        ? { outcome: "nothing-to-do", summary: "the infrastructure is as its code says", result }
        : { outcome: "done", summary: `${describe(earlier)}, by an attempt that was broken off after it`, result };
    }
    assertNotInterrupted(context.signal, `before the plan of ${summary.environment} was applied`);
    const unsettled = summary.findings.some(({ id, status }) => id.startsWith("plan.") && status === "unknown");
    const before = unsettled ? ((await deps.state.read(context.signal))?.resources ?? []) : [];
    const fault = await whyUnusable(deps, context, ready);
    if (fault !== undefined) {
      throw new ReleaseError({
        kind: "conflict",
        what: `The plan of ${summary.environment} was not applied`,
        why: `it was valid a moment ago, and now ${fault}`,
        next: `slipway resume ${summary.environment}${deps.flags} makes a new plan`,
      });
    }
    await assertSourceUnchanged(deps.source, context, "the plan is applied", deps.flags);
    if (context.plan.rollsBack !== undefined) {
      await keepState(deps, context, summary.stateSerial);
    }
    const counts = await applyPlan(context, ready);
    if (unsettled) {
      await settle(deps, context, summary, before);
    }
    const result = await resultOf(deps, context, ready, counts, true);
    return { outcome: "done", summary: describe(counts), result };
  };
}

async function applyPlan(context: StepContext, ready: ReadyPlan): Promise<ChangeCounts> {
  const { workspace, planFile } = ready;
  const batches = new EventBatches((events) =>
    context.write({ type: "terraform.events", step: context.step.id, events }),
  );
  let counts: ChangeCounts;
  try {
    context.assertHeld();
    counts = await workspace.apply({
      planFile,
      onLine: (text) => context.line(text),
      onEvent: (event) => batches.add(event),
      signal: context.signal,
    });
  } catch (error) {
    await removeIfUsed(ready);
    // What went wrong with the apply is what people have to know; what of it could be written down is.
    await batches.end().catch(() => undefined);
    throw error;
  }
  await rm(planFile, { force: true });
  await batches.end();
  return counts;
}

/** A plan file that Terraform would refuse is only a danger: it holds secrets. One that can be applied again stays. */
async function removeIfUsed({ workspace, summary, planFile }: ReadyPlan): Promise<void> {
  const now = await workspace.stateVersion({}).catch(() => undefined);
  if (now !== undefined && !isSameState(summary, now)) {
    await rm(planFile, { force: true });
  }
}

/** What an earlier attempt of this step has applied, where nothing is left to do: its process ended before it could say so. */
function appliedBefore(
  entries: readonly LedgerEntry[],
  { plan, attempt }: StepContext,
  { planDigest }: PlanSummary,
): ChangeCounts | undefined {
  if (attempt === 1) {
    return undefined;
  }
  const plans = entries.flatMap(({ body, release }) =>
    release === plan.release && body.type === "plan.made" && body.summary.planDigest !== planDigest
      ? [body.summary]
      : [],
  );
  return plans.findLast(({ changed }) => changed)?.counts;
}

async function resultOf(
  { redactor, target, flags }: InfrastructureSteps,
  context: StepContext,
  { workspace }: ReadyPlan,
  counts: ChangeCounts,
  changed: boolean,
): Promise<StepResult<"infrastructure.apply">> {
  const outputs: Record<string, Json> = {};
  const all = await workspace.outputs({});
  assertReadable(all, target.readOutputs, context.plan.environment, flags);
  for (const [name, value] of Object.entries(all)) {
    if (value instanceof Sensitive) {
      learnSecrets(redactor, value);
      outputs[name] = String(value);
    } else {
      outputs[name] = value as Json;
      // What Terraform shows in clear is no secret, and the steps after this one go by it.
      keepTexts(redactor, value);
    }
  }
  const { serial } = await workspace.stateVersion({ signal: context.signal });
  return { counts, changed, stateSerial: serial, outputs };
}

function keepTexts(redactor: Redactor, value: unknown): void {
  if (typeof value === "string") {
    redactor.keep(value);
  } else if (typeof value === "object" && value !== null) {
    for (const member of Object.values(value)) {
      keepTexts(redactor, member);
    }
  }
}

/** Judges what the plan's changes came to that nobody could know before. */
async function settle(
  { state }: InfrastructureSteps,
  context: StepContext,
  summary: PlanSummary,
  before: readonly StateResource[],
): Promise<void> {
  const after = (await state.read())?.resources ?? [];
  const findings = settleChanges(summary.findings, { before, after });
  await context.write({ type: "plan.settled", planDigest: summary.planDigest, findings });
}

function describe({ add, change, destroy }: ChangeCounts): string {
  return `${add} added, ${change} changed, ${destroy} destroyed`;
}
