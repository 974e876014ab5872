import type { AwsClientOptions } from "@slipway/aws";
import type { EnvironmentConfig } from "@slipway/contracts";
import type { Health } from "@slipway/local-aws";
import { type Clock, outputText, systemClock } from "@slipway/release-engine";
import { ControlClient } from "../local/control-client.ts";
import {
  type EnvironmentIdentities,
  environmentIdentities,
  type Purpose,
  roleArnsOf,
} from "../rehearsal/identities.ts";
import { awsRoles } from "../target/aws-roles.ts";
import type { EnvironmentPlace } from "../target/environment-work.ts";
import { rehearsedBootstrap } from "../target/rehearsed-bootstrap.ts";
import { stateBucket } from "../target/state-bucket.ts";
import { targetClock } from "../target/target-clock.ts";
import { FastForwardClock, type InEachStep } from "./fast-forward-clock.ts";
import { FollowingClock } from "./following-clock.ts";

/** How a release gets at the AWS that it is for. */
export interface ReleaseAccess {
  /** For clients of who works for a purpose: on local AWS under the purpose's role; on AWS too where those are named, otherwise whoever calls. */
  client(purpose: Purpose): AwsClientOptions & { readonly region: string };
  /** Where the state lies. */
  readonly state: { readonly bucket: string; readonly key: string };
  /** The target's time. */
  readonly clock: Clock;
  /** On local AWS: itself, who works there, and under which roles. */
  readonly local?: {
    readonly localAws: Health;
    readonly identities: EnvironmentIdentities;
    readonly outputs: Readonly<Record<string, unknown>>;
  };
}

/**
 * Finds out how a release gets at its target.
 *
 * @param fastForward where local AWS's clock is moved instead of waited for: what is done in each step that is passed over
 * @throws UserError when local AWS does not run, nothing was rehearsed on it, or the configuration does not say where states lie
 */
export async function releaseAccess(place: EnvironmentPlace, fastForward?: InEachStep): Promise<ReleaseAccess> {
  const { config, environment, target, signal } = place;
  const { region, endpoint } = target;
  const at = { region, endpoint };
  const { stateKey: key } = (config.environments[environment] as EnvironmentConfig).terraform;
  if (!target.isLocal) {
    const roles = awsRoles(place);
    return {
      client: (purpose) => ({ ...at, ...(roles && { credentials: () => roles(purpose) }) }),
      ...{ state: { bucket: stateBucket(config), key }, clock: await targetClock(target) },
    };
  }
  const { localAws, outputs } = await rehearsedBootstrap(target, config, environment, signal);
  const roleArns = roleArnsOf(outputs, config, environment);
  const identities = place.identities ?? environmentIdentities({ config, environment, localAws });
  return {
    client: (purpose) => ({ ...at, credentials: () => identities.of(purpose, roleArns) }),
    state: {
      bucket: outputText(outputs, config.bootstrap.outputs.stateBucket, "bootstrap.outputs.stateBucket"),
      key,
    },
    clock: localClock(localAws, fastForward),
    local: { localAws, identities, outputs },
  };
}

function localClock({ endpoint, clockOffsetMs }: Health, fastForward: InEachStep | undefined): Clock {
  const control = new ControlClient(Number(new URL(endpoint).port));
  if (fastForward === undefined) {
    return new FollowingClock(systemClock, clockOffsetMs, async () => (await control.health())?.clockOffsetMs);
  }
  const time = {
    async advance(advanceMs: number) {
      const { clock } = await control.call<{ clock: string }>("POST", "clock", { advanceMs });
      return clock;
    },
  };
  return new FastForwardClock(systemClock, time, clockOffsetMs, fastForward);
}
