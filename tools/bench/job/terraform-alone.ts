import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { localAwsEnvironment, type PreparedRoot, prepareWorkingCopy } from "@slipway/aws";
import { loadConfig } from "@slipway/release-engine";
import { readSetupRecord, type SetupRecord } from "../../../scripts/setup/setup-record.mjs";
import { terraformEnv } from "../../../scripts/setup/terraform-env.mjs";
import { credentials, region } from "../support/local-aws-server.ts";
import { repositoryRoot } from "../support/repository.ts";
import { runToEnd } from "../support/run-to-end.ts";

/** The environment that is measured. */
export const environmentName = "prod";

/** One root module in a working copy, with what its commands need. */
interface Root extends PreparedRoot {
  readonly variables: object;
}

/** Plain Terraform, command by command as a person would type them, on the same files as the job. */
export class TerraformAlone {
  readonly #setup: SetupRecord;
  readonly #env: NodeJS.ProcessEnv;
  readonly #bootstrap: Root;
  readonly #environment: Root;
  readonly #stateKey: string;
  readonly #bucketOutput: string;
  readonly #signal: AbortSignal;

  /** Makes the working copy in an empty folder, pointed at an endpoint; nothing of that is measured. */
  static async prepare(target: string, endpoint: string, signal: AbortSignal): Promise<TerraformAlone> {
    const setup = readSetupRecord(repositoryRoot);
    if (setup === undefined) {
      throw new Error("Set-up has not run in this clone, so there is no Terraform to measure. Type: npm run setup");
    }
    const config = await loadConfig(join(repositoryRoot, "slipway.config.ts"));
    const environment = config.environments[environmentName];
    if (environment === undefined) {
      throw new Error(`slipway.config.ts has no environment ${environmentName}, which this benchmark measures.`);
    }
    const { roots } = await prepareWorkingCopy({
      repository: repositoryRoot,
      infrastructure: config.infrastructure,
      roots: [
        { directory: config.bootstrap.directory, state: "beside" },
        { directory: environment.terraform.directory, state: "as-configured" },
      ],
      target,
      endpoint,
    });
    const rootOf = (directory: string, variables: object): Root => ({
      ...(roots[directory] as PreparedRoot),
      variables,
    });
    return new TerraformAlone({
      setup,
      env: terraformEnv(
        localAwsEnvironment(process.env, {
          ...{ endpoint, region },
          ...credentials,
        }),
      ),
      bootstrap: rootOf(config.bootstrap.directory, config.bootstrap.variables),
      environment: rootOf(environment.terraform.directory, environment.terraform.variables),
      stateKey: environment.terraform.stateKey,
      bucketOutput: config.bootstrap.outputs.stateBucket,
      signal,
    });
  }

  private constructor(parts: {
    setup: SetupRecord;
    env: NodeJS.ProcessEnv;
    bootstrap: Root;
    environment: Root;
    stateKey: string;
    bucketOutput: string;
    signal: AbortSignal;
  }) {
    this.#setup = parts.setup;
    this.#env = parts.env;
    this.#bootstrap = parts.bootstrap;
    this.#environment = parts.environment;
    this.#stateKey = parts.stateKey;
    this.#bucketOutput = parts.bucketOutput;
    this.#signal = parts.signal;
  }

  /** Reads Terraform and its provider, hundreds of megabytes, into memory once, so that neither side pays for the disk. */
  async warmUp(): Promise<void> {
    await this.#init(this.#bootstrap, []);
    await this.#run(this.#bootstrap, ["validate"]);
  }

  /** Initialises, plans and applies the bootstrap and then the environment; seconds of each root module's three commands. */
  async apply(): Promise<{ bootstrap: number; environment: number }> {
    const bootstrap = await this.#applyRoot(this.#bootstrap, []);
    const { stdout: bucket } = await this.#run(this.#bootstrap, ["output", "-raw", this.#bucketOutput]);
    const backend = { bucket, key: this.#stateKey, region };
    const environment = await this.#applyRoot(
      this.#environment,
      Object.entries(backend).map(([name, value]) => `-backend-config=${name}=${value}`),
    );
    return { bootstrap, environment };
  }

  async #applyRoot(root: Root, backendArguments: readonly string[]): Promise<number> {
    await mkdir(root.directory, { recursive: true });
    await writeFile(join(root.directory, "bench.auto.tfvars.json"), JSON.stringify(root.variables));
    const init = await this.#init(root, backendArguments);
    const plan = await this.#run(root, ["plan", "-input=false", "-out=bench.tfplan"]);
    const apply = await this.#run(root, ["apply", "-input=false", "bench.tfplan"]);
    return init.seconds + plan.seconds + apply.seconds;
  }

  #init(root: Root, backendArguments: readonly string[]) {
    const { provider } = this.#setup;
    return this.#run(root, [
      ...["init", "-input=false"],
      ...(provider.source === "mirror" ? [`-plugin-dir=${provider.dir}`] : []),
      ...root.backendConfigFiles.map((file) => `-backend-config=${file}`),
      ...backendArguments,
    ]);
  }

  #run(root: Root, args: readonly string[]) {
    return runToEnd(this.#setup.terraform.path, args, {
      cwd: root.directory,
      env: this.#env,
      signal: this.#signal,
    });
  }
}
