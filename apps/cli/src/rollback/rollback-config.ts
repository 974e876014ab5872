import type { EnvironmentConfig, FunctionConfig, RollbackPart, SlipwayConfig } from "@slipway/contracts";
import { ReleaseError } from "@slipway/release-engine";

/**
 * The configuration that a rollback of the infrastructure goes by. The rule: what describes the earlier infrastructure comes from the earlier
 * commit, and everything that says what is allowed, or where things are today, from the checkout.
 *
 *     of the commit     infrastructure, terraform.directory with its variables, functions with the names of their outputs, api.urlOutput,
 *                       release.notifications.topicOutput; with the code also smoke and proofs, which are about that code
 *     of the checkout   terraform.stateKey and bootstrap (the state lies where it lies), infrastructurePolicy, protected, approvals,
 *                       checkpoints, waivers, and all the rest: an older commit loosens no rule
 *
 * @throws {ReleaseError} `usage` when the earlier commit does not have the environment
 */
export function rollbackConfig(
  now: SlipwayConfig,
  then: SlipwayConfig,
  {
    environment: name,
    parts,
    to,
  }: { readonly environment: string; readonly parts: readonly RollbackPart[]; readonly to: string },
): SlipwayConfig {
  const today = now.environments[name] as EnvironmentConfig;
  const earlier = earlierEnvironment(then, { environment: name, to });
  const { topicOutput: _, ...notifications } = today.release.notifications;
  const topic = earlier.release.notifications.topicOutput;
  const movesCode = parts.includes("code");
  return {
    ...now,
    infrastructure: then.infrastructure,
    environments: {
      ...now.environments,
      [name]: {
        ...today,
        terraform: { ...earlier.terraform, stateKey: today.terraform.stateKey },
        functions: earlier.functions.map((each) => functionOf(today, each, movesCode)),
        api: { ...(movesCode ? earlier.api : today.api), urlOutput: earlier.api.urlOutput },
        smoke: movesCode ? earlier.smoke : today.smoke,
        release: {
          ...today.release,
          notifications: { ...notifications, ...(topic === undefined ? {} : { topicOutput: topic }) },
        },
      },
    },
  };
}

/**
 * An environment as an earlier commit has it.
 *
 * @throws {ReleaseError} `usage` when it does not
 */
export function earlierEnvironment(
  { environments }: SlipwayConfig,
  { environment: name, to }: { readonly environment: string; readonly to: string },
): EnvironmentConfig {
  const earlier = environments[name];
  if (earlier === undefined) {
    throw new ReleaseError({
      kind: "usage",
      what: `The infrastructure of ${name} cannot go back to ${to}`,
      why: `the slipway.config.ts of its commit has no environment ${name}`,
      next: `choose another release: slipway history ${name}`,
    });
  }
  return earlier;
}

/** As the earlier infrastructure calls it, and proven by what is asked of the code that it has. */
function functionOf({ functions }: EnvironmentConfig, earlier: FunctionConfig, movesCode: boolean): FunctionConfig {
  const today = functions.find(({ name }) => name === earlier.name);
  return movesCode || today === undefined ? earlier : { ...today, outputs: earlier.outputs };
}
