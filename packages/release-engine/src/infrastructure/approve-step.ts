import type { StepContext, StepEnd, StepHandler } from "../release/step-handler.ts";
import { waiveInRehearsal } from "../waive-in-rehearsal.ts";
import { type ApprovalCount, countApprovals } from "./count-approvals.ts";
import { ensurePlan, type ReadyPlan } from "./ensure-plan.ts";
import type { InfrastructureSteps } from "./infrastructure-deps.ts";
import { knownPolicy } from "./known-policy.ts";
import { refuseLoss } from "./refuse-loss.ts";
import { unsignedWords } from "./unsigned-words.ts";

/** `infrastructure.approve`: waits until enough people have said yes to exactly this plan. */
export function approveStep(deps: InfrastructureSteps): StepHandler<"infrastructure.approve"> {
  return async (context) => {
    const { summary } = await ensurePlan(deps, context);
    const count = await askForApproval(deps, context, summary);
    if ("paused" in count) {
      return count.paused;
    }
    const { counted, needed } = count;
    const policy = await deps.policy(context.signal);
    const { because } = policy;
    const result = { approvals: counted.length, needed };
    if (needed === 0 && summary.gate === "open") {
      const why = summary.changed
        ? `no approval is needed (approvals.infrastructure is 0 by ${because})`
        : "the plan changes nothing";
      return { outcome: "nothing-to-do", summary: why, result };
    }
    const names = counted.map(({ name }) => name).join(", ");
    const words = names === "" ? "goes on without approval" : `approved by ${names}`;
    if (counted.length > 0) {
      const unsigned = unsignedWords(count, policy);
      const found = `${words}, by ${because}${unsigned === undefined ? "" : `\n${unsigned}`}`;
      const at = new Date(deps.clock.now()).toISOString();
      const evidence = { check: "infrastructure.approved", title: "The plan is approved", status: "pass" as const, at };
      await context.write({ type: "evidence", step: context.step.id, evidence: [{ ...evidence, found }] });
    }
    return { outcome: "done", summary: words, result };
  };
}

/** The approvals of a plan; `paused` is how the step ends where they are not enough, or where a rollback would destroy data. */
export async function askForApproval(
  deps: InfrastructureSteps,
  context: StepContext,
  summary: ReadyPlan["summary"],
): Promise<ApprovalCount | { readonly paused: Extract<StepEnd<never>, { outcome: "paused" | "failed" }> }> {
  const refused = await refuseLoss(deps, context, summary);
  if (refused !== undefined) {
    return { paused: refused };
  }
  const { flags, whenNotApproved = "pause" } = deps;
  const { approvals, signatures } = await knownPolicy(deps, context);
  const count = await countApprovals(await deps.entries(), {
    ...{ summary, approvals },
    ...(signatures === undefined ? {} : { signatures }),
  });
  if (count.isApproved) {
    return count;
  }
  const missing = whatIsMissing(count);
  if (whenNotApproved === "go-on") {
    const at = new Date(deps.clock.now()).toISOString();
    const evidence = waiveInRehearsal(
      { check: "infrastructure.approved", title: "The plan is approved", status: "unknown", found: missing, at },
      "a rehearsal is alone with its local AWS; a release to AWS would wait",
    );
    await context.write({ type: "evidence", step: context.step.id, evidence: [evidence] });
    context.line(`a rehearsal goes on: ${missing}`);
    return count;
  }
  return {
    paused: {
      outcome: "paused",
      summary: `the plan ${summary.planDigest.slice(0, 12)} waits: ${missing}`,
      next: `slipway approve ${summary.environment}${flags}`,
    },
  };
}

function whatIsMissing({ counted, needed, notAccepted, ignored }: ApprovalCount): string {
  const parts = [
    ...(notAccepted.length === 0
      ? []
      : [`stopped by ${notAccepted.join(", ")}, which somebody other than the author has to accept by name`]),
    ...(counted.length >= needed ? [] : [`${counted.length} of ${needed} approvals`]),
    ...ignored.map(({ by, why }) => `the approval of ${by.name} does not count: ${why}`),
  ];
  return parts.join("; ");
}
