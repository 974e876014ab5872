import * as z from "zod";
import { dataConfigSchema } from "./data/data-config.ts";
import { describeProblems } from "./describe-problems.ts";
import { functionProofSchema } from "./function-proof.ts";
import { incidentConfigSchema } from "./incident/incident-config.ts";
import { infrastructurePolicySchema } from "./infrastructure-findings.ts";
import { jsonSchema } from "./json.ts";
import { orphansConfigSchema } from "./orphan-rules.ts";
import { releaseConfigSchema } from "./release/release-config.ts";
import { smokeScenarioSchema } from "./smoke-scenario.ts";
import { strictObject } from "./strict-object.ts";
import { validationConfigSchema } from "./validation-config.ts";

const name = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/, {
  error: "expected lower-case letters, digits and hyphens, beginning with a letter, at most 31",
});

/** Kept inside of the repository: a release of one repository must not reach into another folder of the machine. */
const folder = z
  .string()
  .refine((text) => /^[^/\\]/.test(text) && !text.split("/").includes("..") && !text.includes("\\"), {
    error: "expected a folder inside of the repository, relative to slipway.config.ts, with / between its parts",
  });

const outputName = z.string().regex(/^[A-Za-z_][\w-]*$/, { error: "expected the name of a Terraform output" });

const variables = z.record(
  z.string().regex(/^[A-Za-z_][\w-]*$/, { error: "expected the name of a Terraform variable" }),
  jsonSchema,
);

const stateKey = z.string().regex(/^[^/].*\.tfstate$/, { error: "expected a key such as prod/terraform.tfstate" });

const functionSchema = strictObject({
  name: name.describe("What messages call it."),
  directory: folder.describe("Where the build command runs."),
  build: z.array(z.string().min(1)).min(1).describe("Program and arguments; no shell reads it."),
  artifact: folder.describe("The folder whose files are the artifact, once built."),
  outputs: strictObject({
    functionName: outputName.describe("The output with the function's name on AWS."),
    alias: outputName.describe("The output with the name of the alias that has the traffic."),
    artifactBucket: outputName.describe("The output with the bucket that artifacts are uploaded to."),
  }).describe("Which of the environment's Terraform outputs say what to release to."),
  proof: functionProofSchema
    .optional()
    .describe(
      "How a new version is proven before it has any traffic: the smoke scenario where it is the only function, unless given.",
    ),
});

const environmentSchema = strictObject({
  terraform: strictObject({
    directory: folder.describe("The environment's root module."),
    stateKey: stateKey.describe("Where the state lies in the state bucket."),
    variables: variables.default({}).describe("Terraform variables of the root module."),
    variableFiles: z
      .array(
        folder.refine((file) => /\.tfvars(\.json)?$/.test(file), {
          error: "expected a file that ends in .tfvars or .tfvars.json",
        }),
      )
      .default([])
      .describe(
        "Files with values for its variables, in git and inside of `infrastructure`; a later one wins over an earlier one, and `variables` over all.",
      ),
    destroyVariables: variables
      .default({})
      .describe("Values that lift the protections before a destruction, such as `{ deletion_protection: false }`."),
  }).describe("The root module of this environment."),
  protected: z
    .boolean()
    .default(true)
    .describe("Whether a destruction needs a typed confirmation, fresh backups, and the data given up by name."),
  functions: z
    .array(functionSchema)
    .min(1)
    .describe(
      "The functions whose code is released. Outputs that say where they are must not be sensitive: the ledger would keep nothing of them.",
    ),
  api: strictObject({
    urlOutput: outputName.describe("The Terraform output with the API's URL."),
    resources: z
      .array(
        z.string().regex(/^\/$|^(\/([^/{}]+|\{[\w.:-]+\+?\}))+$/, { error: "expected a resource such as /items/{id}" }),
      )
      .min(1)
      .default(["/", "/{proxy+}"])
      .describe("Where a function is asked past the gateway, its `resource` and `pathParameters` come from these."),
  }).describe("The API that leads to them."),
  smoke: smokeScenarioSchema.describe("What the API is asked after each release, and what must come back."),
  validation: validationConfigSchema.prefault({}).describe("What a deployment is held against afterwards."),
  release: releaseConfigSchema.prefault({}).describe("How it is released."),
  incidents: incidentConfigSchema.prefault({}).describe("When an incident opens, and how soon people have to respond."),
  data: dataConfigSchema({ name, path: folder, outputName })
    .optional()
    .describe("The tables whose records `slipway migrate` and `slipway seed` work on."),
});

/** What Slipway is told about a repository: everything that it knows about what is released. */
export const slipwayConfigSchema = strictObject({
  project: name.describe("What the project is called."),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: "expected an AWS region such as us-east-1" })
    .describe("The AWS Region; a rehearsal plays it."),
  github: strictObject({
    repository: z
      .string()
      .regex(/^[\w.-]+\/[\w.-]+$/, { error: "expected owner/name" })
      .describe("Owner and name on GitHub."),
    branch: z.string().min(1).default("main").describe("The branch that is released."),
  })
    .optional()
    .describe(
      "The repository whose workflows may assume the roles; a rehearsal assumes them with such a workflow's token.",
    ),
  infrastructure: folder.describe(
    "The folder with everything that Terraform reads, modules too: a rehearsal works on a copy of it.",
  ),
  bootstrap: strictObject({
    directory: folder.describe("The root module that makes the state bucket, the ledger's table and the roles."),
    variables: variables.default({}).describe("Its Terraform variables."),
    policy: strictObject({
      file: folder.describe("The policy, as JSON."),
      replace: z.record(z.string().min(1), z.string()).default({}).describe("What is replaced in it, by what."),
    })
      .optional()
      .describe(
        "The least policy of who applies the bootstrap. A rehearsal makes a role of it, and works under that role. `ACCOUNT_ID` and `REGION` in the JSON file are replaced, and the keys of `replace` by their values.",
      ),
    outputs: strictObject({
      stateBucket: outputName.describe("The output with the name of the state bucket."),
      roleArns: outputName
        .optional()
        .describe(
          "A map of maps: environment to purpose (plan, provision, deploy, operate, migrate) to the ARN of the role.",
        ),
      ledgerTable: outputName.optional().describe("The table that the ledger lies in."),
    }).describe("Which of the bootstrap's Terraform outputs say what it made."),
    state: strictObject({
      bucket: z.string().min(3).describe("The bucket's name on AWS."),
      key: stateKey.default("bootstrap/terraform.tfstate").describe("Where bootstrap's own state lies in it."),
    })
      .optional()
      .describe("Where states lie once bootstrap's own has been moved into the bucket that it makes."),
    ledger: strictObject({ table: z.string().min(3).describe("The table's name on AWS.") })
      .optional()
      .describe("The ledger's table on AWS, as the bootstrap named it."),
  }).describe("What must exist before the first environment; it keeps its state where its own backend block says."),
  environments: z
    .record(name, environmentSchema)
    .refine((environments) => Object.keys(environments).length > 0, { error: "expected at least one environment" })
    .describe("The environments, by name."),
  orphans: orphansConfigSchema.optional().describe("What belongs to somebody although no Terraform state has it."),
  infrastructurePolicy: infrastructurePolicySchema
    .optional()
    .describe("What is demanded of the infrastructure, and which findings are known and may stay."),
}).superRefine((config, context) => {
  if (config.bootstrap.outputs.roleArns !== undefined && config.github === undefined) {
    const message = "expected with bootstrap.outputs.roleArns: the roles trust the workflows of a repository";
    context.addIssue({ code: "custom", path: ["github"], message });
  }
  const inside = (directory: string) => `${directory}/`.startsWith(`${config.infrastructure.replace(/\/+$/, "")}/`);
  const complain = (path: PropertyKey[], what = "folder") =>
    context.addIssue({ code: "custom", path, message: `expected a ${what} inside of ${config.infrastructure}` });
  if (!inside(config.bootstrap.directory)) complain(["bootstrap", "directory"]);
  for (const [environmentName, environment] of Object.entries(config.environments)) {
    const path = ["environments", environmentName];
    if (!inside(environment.terraform.directory)) complain([...path, "terraform", "directory"]);
    for (const [index, file] of environment.terraform.variableFiles.entries()) {
      if (!inside(file)) complain([...path, "terraform", "variableFiles", index], "file");
    }
    const names = environment.functions.map((each) => each.name);
    for (const [index, each] of names.entries()) {
      if (names.indexOf(each) !== index) {
        const message = `${each} is the name of another function too`;
        context.addIssue({ code: "custom", path: [...path, "functions", index, "name"], message });
      }
    }
    for (const [index, metric] of environment.release.canary.metrics.entries()) {
      if (!names.includes(metric.function)) {
        const message = `expected the name of a function: ${names.join(", ")}`;
        context.addIssue({
          code: "custom",
          path: [...path, "release", "canary", "metrics", index, "function"],
          message,
        });
      }
    }
  }
});

export type SlipwayConfig = z.output<typeof slipwayConfigSchema>;
/** As it is written, before defaults are filled in. */
export type SlipwayConfigInput = z.input<typeof slipwayConfigSchema>;
export type EnvironmentConfig = SlipwayConfig["environments"][string];
export type FunctionConfig = EnvironmentConfig["functions"][number];

/**
 * Types a `slipway.config.ts` while it is written; the check comes when it is loaded.
 *
 * @example
 * export default defineConfig({ project: "items", region: "eu-central-1", ... });
 */
export function defineConfig(config: SlipwayConfigInput): SlipwayConfigInput {
  return config;
}

/** Checks what a `slipway.config.ts` exports; otherwise every problem, one line each. */
export function parseConfig(value: unknown): { ok: true; config: SlipwayConfig } | { ok: false; problems: string[] } {
  const result = slipwayConfigSchema.safeParse(value, { reportInput: true });
  return result.success ? { ok: true, config: result.data } : { ok: false, problems: describeProblems(result.error) };
}
