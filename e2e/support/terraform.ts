import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readSetupRecord } from "./repository.ts";
import { mustRun, type Ran, type RunOptions, runProgram } from "./run-program.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** Services of the AWS provider that local AWS answers for; anything else must not leave this machine. */
const PROVIDER_SERVICES = [
  "apigateway",
  "cloudwatch",
  "cloudwatchlogs",
  "dynamodb",
  "iam",
  "kms",
  "lambda",
  "resourcegroupstaggingapi",
  "s3",
  "s3control",
  "scheduler",
  "sns",
  "sqs",
  "sts",
];

const COMMAND_TIMEOUT_MS = 900_000;

/** Input variables of a stack. */
export type Variables = Readonly<Record<string, string | number | boolean | object>>;

/** A Terraform folder in a working copy, pointed at a local AWS by an override file: the original stays as it is. */
export class TerraformStack {
  readonly #folder = temporaryFolder("terraform");
  readonly #program: string;
  readonly #initArguments: readonly string[];
  readonly #options: RunOptions;

  constructor(source: string, target: { readonly endpoint: string; readonly env: NodeJS.ProcessEnv }) {
    const setup = readSetupRecord();
    this.#program = setup.terraform.path;
    this.#initArguments = setup.provider.source === "mirror" ? [`-plugin-dir=${setup.provider.dir}`] : [];
    cpSync(source, this.#folder.path, { recursive: true, filter: (path) => !/\/\.terraform(\/|$)/.test(path) });
    writeFileSync(join(this.#folder.path, "slipway_override.tf"), overrideFor(target.endpoint));
    this.#options = {
      cwd: this.#folder.path,
      timeoutMs: COMMAND_TIMEOUT_MS,
      env: {
        ...target.env,
        // Where providers come from is the developer's choice, and the only one of theirs that counts here.
        ...(setup.provider.source === "registry" && { TF_CLI_CONFIG_FILE: process.env.TF_CLI_CONFIG_FILE }),
        // Collecting garbage less often takes a quarter off the provider's processor time.
        GOGC: "400",
        CHECKPOINT_DISABLE: "1",
        TF_IN_AUTOMATION: "1",
        TF_INPUT: "0",
      },
    };
  }

  /** The working copy. */
  get folder(): string {
    return this.#folder.path;
  }

  async init(): Promise<void> {
    await this.#must("init", ...this.#initArguments);
  }

  /** Plans and applies; gives the counts of Terraform's last line. */
  async apply(variables: Variables): Promise<{ added: number; changed: number; destroyed: number }> {
    this.#writeVariables(variables);
    const { stdout } = await this.#must("apply", "-auto-approve");
    const counts = /Apply complete! Resources: (\d+) added, (\d+) changed, (\d+) destroyed\./.exec(stdout);
    if (counts === null) {
      throw new Error(`terraform apply did not say that it is complete:\n${stdout.slice(-3_000)}`);
    }
    const [, added, changed, destroyed] = counts.map(Number);
    return { added: added ?? 0, changed: changed ?? 0, destroyed: destroyed ?? 0 };
  }

  /** `terraform plan -detailed-exitcode`: 0 nothing to do, 1 failed, 2 changes; with what it printed. */
  plan(): Promise<Ran> {
    return runProgram(this.#program, ["plan", "-no-color", "-detailed-exitcode", "-lock=false"], this.#options);
  }

  async outputs(): Promise<Record<string, unknown>> {
    const { stdout } = await this.#must("output", "-json");
    const outputs = JSON.parse(stdout) as Record<string, { value: unknown }>;
    return Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]));
  }

  /** Without a refresh: for after a plan that has read everything, and found it as the state has it. */
  async destroy(): Promise<void> {
    await this.#must("destroy", "-auto-approve", "-refresh=false");
  }

  /** Takes the working copy and its state away. */
  remove(): void {
    this.#folder.remove();
  }

  #must(command: string, ...args: readonly string[]): Promise<Ran> {
    const color = command === "output" ? [] : ["-no-color"];
    return mustRun(this.#program, [command, ...color, ...args], this.#options);
  }

  #writeVariables(variables: Variables): void {
    writeFileSync(join(this.#folder.path, "terraform.tfvars.json"), JSON.stringify(variables));
  }
}

function overrideFor(endpoint: string): string {
  const endpoints = PROVIDER_SERVICES.map((service) => `    ${service} = "${endpoint}"\n`).join("");
  return `provider "aws" {\n  s3_use_path_style = true\n  skip_metadata_api_check = true\n\n  endpoints {\n${endpoints}  }\n}\n`;
}
