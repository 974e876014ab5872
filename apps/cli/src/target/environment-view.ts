import { createAwsClients, s3State } from "@slipway/aws";
import type { EnvironmentConfig, SlipwayConfig } from "@slipway/contracts";
import {
  type Clock,
  type MonitoredResources,
  monitoredResources,
  outputText,
  type TerraformState,
} from "@slipway/release-engine";
import {
  type EnvironmentIdentities,
  environmentIdentities,
  type RehearsalCredentials,
  roleArnsOf,
} from "../rehearsal/identities.ts";
import { UserError } from "../user-error.ts";
import { rehearsedBootstrap } from "./rehearsed-bootstrap.ts";
import { stateBucket } from "./state-bucket.ts";
import type { TargetAws } from "./target-aws.ts";
import { targetClock } from "./target-clock.ts";

/** An environment as somebody sees it who changes nothing: no lock, no Terraform. */
export interface EnvironmentView {
  readonly state: TerraformState;
  readonly resources: MonitoredResources;
  /** For AWS clients; absent where the SDK's own way of finding them is meant. Those of the operate role, where there are roles. */
  readonly credentials?: () => Promise<RehearsalCredentials>;
  /** Credentials of who reads everything that Terraform reads; absent like `credentials`. Those of the plan role. */
  readonly readCredentials?: () => Promise<RehearsalCredentials>;
  /** The time on the target, which is ahead of the machine's where local AWS's clock was moved. */
  readonly clock: Clock;
}

/** Whose view it is. */
export interface ViewedEnvironment {
  readonly config: SlipwayConfig;
  readonly environment: string;
  readonly target: TargetAws;
  readonly signal: AbortSignal;
  /** On local AWS: who works on the environment, where the caller has a use for knowing them. */
  readonly identities?: EnvironmentIdentities;
}

/**
 * Opens the view on an environment.
 *
 * @throws UserError when nothing is deployed, or the configuration does not say where states lie
 * @throws ReleaseError when the state cannot be read, or a role cannot be assumed
 */
export async function environmentView(viewed: ViewedEnvironment): Promise<EnvironmentView> {
  const { config, environment, target, signal } = viewed;
  const { region, endpoint } = target;
  const { bucket, credentials, readCredentials, clock, howToDeploy } = await environmentAccess(viewed);
  const clients = createAwsClients({ region, endpoint, credentials });
  try {
    const { stateKey } = (config.environments[environment] as EnvironmentConfig).terraform;
    const source = s3State(clients.s3, environment, { bucket, key: stateKey });
    const state = await source.read(signal);
    if (state === undefined || state.resources.length === 0) {
      const what = state === undefined ? "does not exist" : "holds nothing";
      throw new UserError(
        `${environment} is not deployed on ${target.label}: the state ${source.location} ${what}. ${howToDeploy}`,
      );
    }
    return {
      state,
      resources: monitoredResources(state),
      clock,
      ...(credentials === undefined ? {} : { credentials }),
      ...(readCredentials === undefined ? {} : { readCredentials }),
    };
  } finally {
    clients.destroy();
  }
}

/** How an environment is looked at, whether or not anything is deployed there. */
export interface EnvironmentAccess {
  /** The bucket with the states. */
  readonly bucket: string;
  readonly credentials?: () => Promise<RehearsalCredentials>;
  readonly readCredentials?: () => Promise<RehearsalCredentials>;
  readonly clock: Clock;
  readonly howToDeploy: string;
}

/**
 * Finds out where an environment's state lies, and who may look.
 *
 * @throws UserError when the configuration does not say where states lie, or nothing was rehearsed
 */
export function environmentAccess(viewed: ViewedEnvironment): Promise<EnvironmentAccess> {
  return viewed.target.isLocal ? localAccess(viewed) : awsAccess(viewed);
}

async function awsAccess(viewed: ViewedEnvironment): Promise<EnvironmentAccess> {
  const { config, environment, target } = viewed;
  const { awsRoles } = await import("./aws-roles.ts");
  const roles = awsRoles(viewed);
  const { directory } = (config.environments[environment] as EnvironmentConfig).terraform;
  return {
    bucket: stateBucket(config),
    ...(roles && { credentials: () => roles("operate"), readCredentials: () => roles("plan") }),
    clock: await targetClock(target),
    howToDeploy: `Apply ${directory} with Terraform first; its README.md says how.`,
  };
}

async function localAccess(viewed: ViewedEnvironment): Promise<EnvironmentAccess> {
  const { config, environment, target, signal } = viewed;
  const { localAws, rehearse, outputs } = await rehearsedBootstrap(target, config, environment, signal);
  const bucket = outputText(outputs, config.bootstrap.outputs.stateBucket, "bootstrap.outputs.stateBucket");
  const roleArns = roleArnsOf(outputs, config, environment);
  const identities = viewed.identities ?? environmentIdentities({ config, environment, localAws });
  return {
    bucket,
    credentials: () => identities.of("operate", roleArns),
    readCredentials: () => identities.of("plan", roleArns),
    clock: await targetClock(target),
    howToDeploy: `Rehearse it first: ${rehearse}`,
  };
}
