import { join } from "node:path";
import { localAwsEnvironment, prepareWorkingCopy, TerraformCli, type TerraformPurpose } from "@slipway/aws";
import type { EnvironmentConfig } from "@slipway/contracts";
import { ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY } from "@slipway/local-aws";
import type { ReleaseTerraform } from "@slipway/release-engine";
import { terraformEnv } from "../setup/terraform-process.ts";
import { credentialVariables, type RehearsalCredentials } from "./identities.ts";
import { rehearsalFolder } from "./rehearsal-folder.ts";
import type { Rehearsal } from "./rehearse-environment.ts";

/** A root module in the working copy, ready to be initialised. */
export interface RehearsalRoot {
  /** What its phases are called by. */
  readonly phase: string;
  /** Absolute path of its folder. */
  readonly directory: string;
  readonly backendConfigFiles: readonly string[];
  /** Absolute path. */
  readonly planFile: string;
  readonly variables: EnvironmentConfig["terraform"]["variables"];
  /** Absolute paths. */
  readonly variableFiles: readonly string[];
}

/** What Terraform works on in a rehearsal. */
export interface RehearsalRoots {
  readonly bootstrap: RehearsalRoot;
  readonly environment: RehearsalRoot;
  /** Terraform with the credentials of who reads and who changes. */
  terraform(credentials: (purpose: TerraformPurpose) => Promise<RehearsalCredentials>): ReleaseTerraform;
}

/** Copies the infrastructure to where it can be pointed at local AWS; the committed files stay as they are. */
export async function rehearsalRoots(
  rehearsal: Pick<Rehearsal, "repository" | "config" | "environment" | "localAws" | "setup" | "env">,
): Promise<RehearsalRoots> {
  const { repository, config, environment: name, localAws, setup, env } = rehearsal;
  const { bootstrap, infrastructure } = config;
  const { terraform } = config.environments[name] as EnvironmentConfig;
  const target = rehearsalFolder(localAws.dataDir);
  const copy = await prepareWorkingCopy({
    repository,
    infrastructure,
    roots: [
      { directory: bootstrap.directory, state: "beside" },
      { directory: terraform.directory, state: "as-configured" },
    ],
    target,
    endpoint: localAws.endpoint,
  });
  const root = (
    phase: string,
    {
      directory,
      variables,
      variableFiles = [],
    }: Pick<RehearsalRoot, "directory" | "variables"> & { readonly variableFiles?: readonly string[] },
  ): RehearsalRoot => ({
    phase,
    directory: copy.roots[directory]?.directory ?? "",
    backendConfigFiles: copy.roots[directory]?.backendConfigFiles ?? [],
    planFile: join(target, "plans", `${phase}.tfplan`),
    variables,
    variableFiles: variableFiles.map((file) => join(target, file)),
  });
  // Nothing of the developer's own AWS configuration gets in: a rehearsal that reached the real AWS would be a deployment.
  const access = {
    endpoint: localAws.endpoint,
    region: localAws.region,
    accessKeyId: ROOT_ACCESS_KEY_ID,
    secretAccessKey: ROOT_SECRET_ACCESS_KEY,
  };
  return {
    bootstrap: root("bootstrap", bootstrap),
    environment: root(name, terraform),
    terraform: (credentials) =>
      new TerraformCli({
        binary: setup.terraform.path,
        env: terraformEnv(localAwsEnvironment(env, access)),
        credentials: async (purpose) => credentialVariables(await credentials(purpose)),
        // Who plans may only read; and only one rehearsal at a time works on a local AWS.
        lockForPlan: false,
        pluginDir: setup.provider.source === "mirror" ? setup.provider.dir : undefined,
        // The rehearsal's lock is ours, so a lock on the state is one that a killed rehearsal left.
        breakLock: () => true,
        // And a state that its Terraform could not put back, because local AWS was gone, is the truth about what it made.
        recoverState: true,
        // What this process is killed in comes to its end, with a complete state. A local AWS in this very process dies with it: then an
        // apply would only go on asking nobody, and is interrupted, so that it leaves what it knows in a file beside.
        whenAbandoned: localAws.pid === process.pid ? "interrupt" : "finish",
      }),
  };
}
