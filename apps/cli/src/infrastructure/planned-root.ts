import type { EnvironmentConfig, SlipwayConfig } from "@slipway/contracts";
import type { PlannedRoot } from "@slipway/release-engine";

/** What is demanded of an environment's root module. */
export function plannedRoot(
  { infrastructure, environments, infrastructurePolicy }: SlipwayConfig,
  environment: string,
): Pick<PlannedRoot, "root" | "isProtected" | "policy" | "readOutputs"> {
  const { terraform, protected: isProtected } = environments[environment] as EnvironmentConfig;
  return {
    root: terraform.directory.slice(infrastructure.replace(/\/+$/, "").length + 1),
    isProtected,
    readOutputs: readOutputs(environment, environments[environment] as EnvironmentConfig),
    policy: infrastructurePolicy ?? { requiredTags: [], accepted: [], next: {} },
  };
}

/** What the steps after the infrastructure go by. */
function readOutputs(environment: string, { functions, api, release }: EnvironmentConfig): Record<string, string> {
  const at = `environments.${environment}`;
  const { topicOutput } = release.notifications;
  return Object.fromEntries([
    ...functions.flatMap(({ name, outputs }) =>
      Object.entries(outputs).map(([key, output]) => [`${at}.functions[${name}].outputs.${key}`, output]),
    ),
    [`${at}.api.urlOutput`, api.urlOutput],
    ...(topicOutput === undefined ? [] : [[`${at}.release.notifications.topicOutput`, topicOutput]]),
  ]);
}
