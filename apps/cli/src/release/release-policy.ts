import type { CanaryConfig } from "@slipway/contracts";
import type { PolicyInForce } from "@slipway/release-engine";
import type { ReleasePolicy } from "@slipway/release-plan";

/**
 * How a release is planned: with as many approvals as will be asked for, by whoever's rules, and not as many as it asks for itself. Where
 * nobody knows those rules there may be more, and the plan says so: it is there that the release waits.
 */
export function releasePolicy(
  { approvals: { infrastructure: approvals }, because, unknown }: PolicyInForce,
  { steps: canary }: Pick<CanaryConfig, "steps">,
): ReleasePolicy {
  const askedBy = unknown === undefined ? because : `the configuration (${because}, which may ask for more)`;
  return { approvals, askedBy, canary };
}
