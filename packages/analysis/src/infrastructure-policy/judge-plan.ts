import type { InfrastructureFinding } from "@slipway/contracts";
import { judgeExposure } from "./exposure.ts";
import { finding } from "./finding.ts";
import { judgeChange } from "./judge-change.ts";
import { isFirstApply, readPlanJson } from "./plan-json.ts";
import { judgeResourcePolicies } from "./resource-policies.ts";
import { type AppliedResource, appliedViews, plannedViews, type ResourceView } from "./resource-view.ts";
import { ResourceViews } from "./resource-views.ts";
import { judgeSettings } from "./settings.ts";
import { judgeTags } from "./tags.ts";

/** What is demanded of a root module. */
export interface PlanPolicy {
  /** Whether its data must outlive a mistake. */
  readonly isProtected: boolean;
  /** Tags that everything must have that can have tags. */
  readonly requiredTags: readonly string[];
}

/**
 * Judges a plan before it is applied: what it would do to what is there, and what would be there then.
 *
 * What is known only after the apply gives findings with the status `unknown`, which are no pass: `judgeResources` answers them
 * afterwards. Changes of the backend and of the provider's settings are not in a plan's JSON: see `judgeGround`.
 *
 * @param plan what `terraform show -json PLANFILE` prints
 * @throws {Error} when it is no plan, or one of a version that is not known
 */
export function judgePlan(plan: unknown, policy: PlanPolicy): InfrastructureFinding[] {
  const read = readPlanJson(plan);
  const facts = { isFirst: isFirstApply(read) };
  const changes = (read.resource_changes ?? []).flatMap((change) => judgeChange(change, facts));
  const isIncomplete = read.errored === true || read.complete === false || (read.deferred_changes ?? []).length > 0;
  const incomplete = isIncomplete
    ? [
        finding(
          { address: "plan" },
          {
            id: "plan.incomplete",
            severity: "high",
            reason:
              "The plan stops half-way (an error, or changes that are put off), so there is more to come than can be judged.",
            next: "plan again; apply what is put off in a plan of its own",
          },
          "unknown",
        ),
      ]
    : [];
  return [...incomplete, ...changes, ...judgeViews(plannedViews(read), policy)];
}

/** Judges what is there: after an apply, or in any state. */
export function judgeResources(resources: readonly AppliedResource[], policy: PlanPolicy): InfrastructureFinding[] {
  return judgeViews(appliedViews(resources), policy);
}

/**
 * What is left of a plan's findings once it is applied: what it did, and what is there now. What was unknown is known.
 *
 * @param planned findings of `judgePlan`
 * @param applied findings of `judgeResources`, on what the apply made
 */
export function settleFindings(
  planned: readonly InfrastructureFinding[],
  applied: readonly InfrastructureFinding[],
): InfrastructureFinding[] {
  const isOfPlan = ({ id }: InfrastructureFinding) => id.startsWith("plan.");
  return [...planned.filter(isOfPlan), ...applied];
}

function judgeViews(views: readonly ResourceView[], policy: PlanPolicy): InfrastructureFinding[] {
  const all = new ResourceViews(views);
  return views.flatMap((view) => [
    ...judgeExposure(view, all),
    ...judgeSettings(view, all, policy.isProtected),
    ...judgeTags(view, policy.requiredTags),
    ...judgeResourcePolicies(view),
  ]);
}
