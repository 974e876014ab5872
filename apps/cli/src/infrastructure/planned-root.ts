import type { EnvironmentConfig, SlipwayConfig } from "@slipway/contracts";
import type { PlannedRoot } from "@slipway/release-engine";

/** What is demanded of an environment's root module. */
export function plannedRoot(
  { infrastructure, environments, infrastructurePolicy }: SlipwayConfig,
  environment: string,
): Pick<PlannedRoot, "root" | "isProtected" | "policy"> {
  const { terraform, protected: isProtected } = environments[environment] as EnvironmentConfig;
  return {
    root: terraform.directory.slice(infrastructure.replace(/\/+$/, "").length + 1),
    isProtected,
    policy: infrastructurePolicy ?? { requiredTags: [], accepted: [], next: {} },
  };
}
