import type { SlipwayConfig } from "@slipway/contracts";

/**
 * The variables that a drill's commands get, and the installation and the builds of the earlier commit: nothing that reaches the real AWS, and
 * no webhook, because those who are told of releases are told of real ones.
 *
 * @param configs of the releases, whose webhooks are known by them
 */
export function drillEnv(env: NodeJS.ProcessEnv, configs: readonly SlipwayConfig[]): NodeJS.ProcessEnv {
  const webhooks = new Set(
    configs.flatMap(({ environments }) =>
      Object.values(environments).flatMap(({ release }) =>
        release.notifications.webhooks.map(({ urlVariable }) => urlVariable),
      ),
    ),
  );
  return {
    ...Object.fromEntries(
      Object.entries(env).filter(([variable]) => !variable.startsWith("AWS_") && !webhooks.has(variable)),
    ),
    // Without credentials the SDKs of the builds would look for those of the machine, and on one of AWS's there are some.
    AWS_EC2_METADATA_DISABLED: "true",
  };
}
