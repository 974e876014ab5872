import { existsSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { TerraformCli, TerraformPurpose } from "@slipway/aws";
import type { EnvironmentConfig, SlipwayConfig } from "@slipway/contracts";
import { isAlive } from "@slipway/local-aws";
import type { Progress, ReleaseTerraform, StateLock, StateSource, TerraformInit } from "@slipway/release-engine";
import { credentialVariables, type EnvironmentIdentities, type RehearsalCredentials } from "../rehearsal/identities.ts";
import { lockRehearsal } from "../rehearsal/rehearsal-lock.ts";
import { thisMachine } from "../release/this-machine.ts";
import { readSetup } from "../setup/read-setup.ts";
import { terraformEnv } from "../setup/terraform-process.ts";
import { awsRoles } from "./aws-roles.ts";
import { rehearsedBootstrap } from "./rehearsed-bootstrap.ts";
import { stateBucket } from "./state-bucket.ts";
import type { TargetAws } from "./target-aws.ts";

/** Everything that a command needs to change an environment's infrastructure. */
export interface EnvironmentWork {
  readonly terraform: ReleaseTerraform;
  /** How its folder is made ready. */
  readonly init: Omit<TerraformInit, "onLine" | "signal">;
  readonly planFile: string;
  readonly variables: EnvironmentConfig["terraform"]["variables"];
  /** What to type or do where nothing is deployed yet. */
  readonly howToDeploy: string;
  readonly state: StateSource;
  /** Who holds the state's lock. */
  lock(signal?: AbortSignal): Promise<StateLock | undefined>;
  /** Credentials of who changes infrastructure; absent where the SDK's own way of finding them is meant. */
  readonly credentials?: RehearsalCredentials;
  /** Credentials of who only reads. */
  readonly readCredentials?: RehearsalCredentials;
  /** Asks for credentials of who changes records, each time that they are needed; absent like `credentials`. */
  readonly migrateCredentials?: () => Promise<RehearsalCredentials>;
  /** Gives back what was taken for the work. */
  release(): void;
}

/** What it is made of. */
export interface EnvironmentPlace {
  readonly repository: string;
  /**
   * On AWS: where plan files lie, where `repository` is the worktree of another commit. That one is cleaned each time that it is opened,
   * and a plan that people have approved has to be there for the process that goes on.
   */
  readonly checkout?: string;
  readonly config: SlipwayConfig;
  readonly environment: string;
  readonly target: TargetAws;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  readonly signal: AbortSignal;
  /** On local AWS: who works on the environment, where the caller has a use for knowing them. */
  readonly identities?: EnvironmentIdentities;
  /** On local AWS: whether the caller has the rehearsal's lock already. */
  readonly isLocked?: boolean;
}

/**
 * Prepares the work on an environment: on AWS in the repository's own folder with the caller's credentials, or those of the purpose roles
 * where they are named; on local AWS in the rehearsal's working copy and under the purpose roles.
 *
 * @throws UserError when the configuration does not say where states lie, nothing was rehearsed, or another rehearsal runs
 * @throws ReleaseError when a role cannot be assumed
 */
export function environmentWork(place: EnvironmentPlace): Promise<EnvironmentWork> {
  return place.target.isLocal ? localWork(place) : awsWork(place);
}

async function awsWork(place: EnvironmentPlace): Promise<EnvironmentWork> {
  const { repository, checkout = repository, config, environment: name, target, env } = place;
  const { TerraformCli, createAwsClients, s3State, stateLockFile } = await import("@slipway/aws");
  const setup = readSetup();
  const { terraform: settings } = config.environments[name] as EnvironmentConfig;
  const bucket = stateBucket(config);
  const { region, endpoint } = target;
  const roles = awsRoles(place);
  const clients = createAwsClients({
    region,
    endpoint,
    credentials: roles && (() => roles("provision")),
  });
  const terraform: TerraformCli = new TerraformCli({
    binary: setup.terraform.path,
    env: terraformEnv(env),
    ...(roles && {
      credentials: async (purpose: TerraformPurpose) =>
        credentialVariables(await roles(purpose === "read" ? "plan" : "provision")),
      // Who plans may only read; a plan that was overtaken is refused by the apply.
      lockForPlan: false,
    }),
    pluginDir: setup.provider.source === "mirror" ? setup.provider.dir : undefined,
    whenAbandoned: "finish",
    machine: thisMachine(),
  });
  return {
    terraform,
    init: {
      directory: join(repository, settings.directory),
      backendConfig: { bucket, key: settings.stateKey, region },
      variableFiles: settings.variableFiles.map((file) => join(repository, file)),
      // The folder was prepared for whichever of them came last, and each has a state of its own.
      reconfigure: sharesItsRoot(config, name),
    },
    planFile: ownPlanFile(join(checkout, ".slipway", "plans"), name),
    variables: settings.variables,
    howToDeploy: `apply ${settings.directory} with Terraform first; its README.md says how`,
    state: s3State(clients.s3, name, { bucket, key: settings.stateKey }),
    lock: (signal) => stateLockFile(clients.s3, { bucket, key: settings.stateKey }, signal),
    ...(roles && { migrateCredentials: () => roles("migrate") }),
    release: () => clients.destroy(),
  };
}

async function localWork(place: EnvironmentPlace): Promise<EnvironmentWork> {
  const { repository, config, environment: name, target, env, signal } = place;
  const [
    { createAwsClients, s3State, stateLockFile },
    { environmentIdentities, roleArnsOf },
    { rehearsalRoots },
    { outputText },
  ] = await Promise.all([
    import("@slipway/aws"),
    import("../rehearsal/identities.ts"),
    import("../rehearsal/rehearsal-roots.ts"),
    import("@slipway/release-engine"),
  ]);
  const unlock = place.isLocked === true ? () => {} : lockRehearsal(target.localDataDir ?? "");
  try {
    const { localAws, rehearse, outputs } = await rehearsedBootstrap(target, config, name, signal);
    const setup = readSetup();
    const roots = await rehearsalRoots({ repository, config, environment: name, localAws, setup, env });
    const identities = place.identities ?? environmentIdentities({ config, environment: name, localAws });
    const bucket = outputText(outputs, config.bootstrap.outputs.stateBucket, "bootstrap.outputs.stateBucket");
    const roleArns = roleArnsOf(outputs, config, name);
    const { terraform: settings } = config.environments[name] as EnvironmentConfig;
    const credentials = await identities.of("provision", roleArns);
    const readCredentials = await identities.of("plan", roleArns);
    const { endpoint, region } = localAws;
    const clients = createAwsClients({ region, endpoint, credentials });
    return {
      terraform: roots.terraform((purpose) => identities.of(purpose === "read" ? "plan" : "provision", roleArns)),
      init: {
        directory: roots.environment.directory,
        backendConfigFiles: roots.environment.backendConfigFiles,
        variableFiles: roots.environment.variableFiles,
        backendConfig: { bucket, key: settings.stateKey, region },
        reconfigure: true,
      },
      planFile: roots.environment.planFile,
      variables: settings.variables,
      howToDeploy: rehearse,
      state: s3State(clients.s3, name, { bucket, key: settings.stateKey }),
      lock: (signal) => stateLockFile(clients.s3, { bucket, key: settings.stateKey }, signal),
      credentials,
      readCredentials,
      migrateCredentials: () => identities.of("migrate", roleArns),
      release() {
        clients.destroy();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

/** Whether another environment is made of the same root module. */
function sharesItsRoot({ environments }: SlipwayConfig, environment: string): boolean {
  const directory = environments[environment]?.terraform.directory;
  return Object.entries(environments).some(
    ([name, { terraform }]) => name !== environment && terraform.directory === directory,
  );
}

/**
 * A plan file that no other command writes into, or takes for its own, meanwhile. What killed ones have left is removed: it holds
 * secrets.
 */
function ownPlanFile(folder: string, name: string): string {
  for (const file of existsSync(folder) ? readdirSync(folder) : []) {
    const [, owner] = /-(\d+)\.tfplan$/.exec(file) ?? [];
    if (owner !== undefined && !isAlive(Number(owner))) {
      rmSync(join(folder, file), { force: true });
    }
  }
  return join(folder, `${name}-${process.pid}.tfplan`);
}
