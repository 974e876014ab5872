import type { InfrastructureFinding } from "@slipway/contracts";
import { judgeChange } from "./judge-change.ts";
import type { AppliedResource } from "./resource-view.ts";

/** What was there before an apply, and what is there after it. */
export interface AppliedChange {
  readonly before: readonly AppliedResource[];
  readonly after: readonly AppliedResource[];
}

/**
 * What became of a plan's changes that were known only after the apply: those that did not happen are gone, those that did are certain,
 * and those that still nobody can see, as in a sensitive argument, stay unknown.
 *
 * @param planned findings of `judgePlan`
 * @returns findings about what the plan does (`plan.*`) only; what is there then, `judgeResources` judges
 */
export function settleChanges(
  planned: readonly InfrastructureFinding[],
  { before, after }: AppliedChange,
): InfrastructureFinding[] {
  const byAddress = (resources: readonly AppliedResource[]) => new Map(resources.map((each) => [each.address, each]));
  const [old, now] = [byAddress(before), byAddress(after)];
  return planned
    .filter(({ id, status }) => id.startsWith("plan.") && status === "unknown")
    .flatMap((finding) => {
      const resource = now.get(finding.address);
      if (resource === undefined || (finding.attribute !== undefined && !(finding.attribute in resource.attributes))) {
        return [finding];
      }
      const { address, type, attributes } = resource;
      const was = old.get(address)?.attributes ?? null;
      const change = { actions: [was === null ? "create" : "update"], before: was, after: attributes };
      const { root } = finding;
      return judgeChange({ address, mode: "managed", type, name: "", change }, { isFirst: false })
        .filter(({ id, attribute }) => id === finding.id && attribute === finding.attribute)
        .map((each) => (root === undefined ? each : { ...each, root }));
    });
}
