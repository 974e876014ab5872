import { globSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { CreatePolicyCommand, DeletePolicyCommand, IAMClient } from "@aws-sdk/client-iam";
import { prepareWorkingCopy } from "@slipway/aws";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LocalAwsProcess } from "./support/local-aws-process.ts";
import { readSetupRecord, repositoryRoot } from "./support/repository.ts";
import { type Ran, runProgram } from "./support/run-program.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

const INFRASTRUCTURE = "infrastructure";
const environments = rootsIn("environments/*");
const examples = rootsIn("modules/*/examples/*");
/** The account's one setting, which every API that logs needs: applied before all others, and destroyed after them. */
const account = `${INFRASTRUCTURE}/modules/api_gateway_account/examples/complete`;

const TIMEOUT_MS = 600_000;

/** For all of them: what a root does not declare, it does not get. */
const VARIABLES: Readonly<Record<string, string | boolean>> = {
  bucket_prefix: "",
  deletion_protection: false,
  force_destroy: true,
  manage_api_gateway_account: false,
  // The largest that an environment can be: with the authorizer, whose code stays the placeholder.
  require_jwt: true,
};

/** The issuer that local AWS plays, and where it publishes its keys. */
function jwtOf({ endpoint }: LocalAwsProcess): object {
  const issuer = "https://token.actions.githubusercontent.com";
  const jwks_uri = `${endpoint}/_slipway/issuer/token.actions.githubusercontent.com/jwks`;
  return { issuer, audiences: ["items"], jwks_uri };
}

/** What a provider needs on local AWS; its address is in the environment. */
const LOCAL_PROVIDER = { s3_use_path_style: true, skip_credentials_validation: true, skip_metadata_api_check: true };
const LOCAL_SETTINGS = Object.keys(LOCAL_PROVIDER)
  .map((setting) => `  ${setting} = true\n`)
  .join("");

/**
 * Examples share a root: most of the time goes into starting Terraform and its provider, not into what a single example has.
 * What goes wrong names the example (`module.dynamodb.…`).
 */
const shared = [{ folder: `${INFRASTRUCTURE}/examples`, examples: examples.filter((root) => root !== account) }];
const runs = [
  // prod goes the same way in purpose-roles.test.ts, under its roles; the soak test takes all three. What they are made of is among
  // the examples: environments are values of items_service.
  ...(process.env.SLIPWAY_SOAK === "1" ? environments : []).map((folder) => ({ folder, what: folder })),
  ...shared.map(({ folder, examples }) => ({ folder, what: `${examples.map(moduleOf).join(", ")} (the examples)` })),
];

const copyFolder = temporaryFolder("infrastructure");
const setup = readSetupRecord();

let localAws: LocalAwsProcess;
let env: NodeJS.ProcessEnv;
let boundaries: string[];

/** Root modules below the infrastructure folder. */
function rootsIn(pattern: string): string[] {
  const found = globSync(`${INFRASTRUCTURE}/${pattern}/main.tf`, { cwd: repositoryRoot });
  return found.map((file) => file.slice(0, -"/main.tf".length)).sort();
}

/** `dynamodb` of `infrastructure/modules/dynamodb/examples/complete`. */
function moduleOf(example: string): string {
  return example.split("/")[2] ?? "";
}

/** What all examples' providers have, but for the name of what is tagged. */
const PROVIDER = `
provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = { Project = "slipway", Environment = "example", ManagedBy = "terraform", Service = "SERVICE" }
  }
}
`;

/** The provider of a shared root, as {@link PROVIDER} has it. */
const SHARED_PROVIDER = {
  region: "us-east-1",
  default_tags: [{ tags: { Project: "slipway", Environment: "example", ManagedBy: "terraform", Service: "examples" } }],
};

/**
 * A root that calls each example as a module, with those of the variables that it declares. Examples whose provider differs in nothing but
 * the name in its tags have the root's: each provider block is a process of its own, in every walk through the plan, and they took most of the
 * time. Who has other settings keeps its own block.
 */
function writeSharedRoot({ folder, examples }: (typeof shared)[number]): void {
  const modules = examples.map((example) => {
    const file = join(copyFolder.path, example, "main.tf");
    const source = readFileSync(file, "utf8");
    const usual = PROVIDER.replace("SERVICE", moduleOf(example).replaceAll("_", "-"));
    writeFileSync(
      file,
      // Not by an override file: Terraform takes a module's provider block that was merged for an empty one, and its tags are lost.
      source.includes(usual)
        ? source.replace(usual, "\n")
        : source.replace('\nprovider "aws" {\n', `$&${LOCAL_SETTINGS}`),
    );
    const given = Object.entries(VARIABLES).filter(([name]) => source.includes(`variable "${name}"`));
    return [moduleOf(example), { source: relative(folder, example), ...Object.fromEntries(given) }];
  });
  mkdirSync(join(copyFolder.path, folder), { recursive: true });
  writeFileSync(
    join(copyFolder.path, folder, "main.tf.json"),
    JSON.stringify(
      {
        provider: { aws: { ...SHARED_PROVIDER, ...LOCAL_PROVIDER } },
        module: Object.fromEntries(modules),
      },
      undefined,
      2,
    ),
  );
}

function terraform(root: string, ...words: readonly string[]): Promise<Ran> {
  return runProgram(setup.terraform.path, words, { cwd: join(copyFolder.path, root), env, timeoutMs: TIMEOUT_MS });
}

async function mustTerraform(root: string, ...words: readonly string[]): Promise<string> {
  const ran = await terraform(root, ...words);
  expect(ran.code, `terraform ${words.join(" ")} in ${root}:\n${ran.stdout.slice(-6_000)}\n${ran.stderr}`).toBe(0);
  return ran.stdout;
}

async function initialise(root: string): Promise<void> {
  const mirror = setup.provider.source === "mirror" ? [`-plugin-dir=${setup.provider.dir}`] : [];
  await mustTerraform(root, "init", ...mirror);
}

async function apply(root: string): Promise<void> {
  await initialise(root);
  const said = await mustTerraform(root, "apply", "-auto-approve", "-parallelism=30");
  // What `terraform validate` would have said, too: an apply validates first.
  expect(said).not.toContain("Warning:");
  expect(said).toMatch(/Apply complete! Resources: [1-9]\d* added, 0 changed, 0 destroyed\./);
}

async function expectNothingToDo(root: string): Promise<void> {
  const again = await terraform(root, "plan", "-detailed-exitcode", "-lock=false", "-parallelism=30");
  expect(again.code, `the second plan of ${root} is not empty:\n${again.stdout}${again.stderr}`).toBe(0);
}

/** What the gateway of an environment answers by itself: nobody gets to the items without a token. */
async function expectLocked(root: string): Promise<void> {
  const apiId = await mustTerraform(root, "output", "-raw", "api_id");
  const stage = localAws.stageUrl(apiId, basename(root));
  const ask = async (path: string, authorization?: string) => {
    const answer = await fetch(`${stage}${path}`, authorization === undefined ? {} : { headers: { authorization } });
    const { type, title, status, detail, requestId } = (await answer.json()) as Record<string, unknown>;
    expect([typeof title, typeof detail, typeof requestId], path).toEqual(["string", "string", "string"]);
    expect(status, path).toBe(answer.status);
    expect(answer.headers.get("content-type"), path).toBe("application/problem+json");
    return [answer.status, type, answer.headers.get("www-authenticate")];
  };
  const unauthorized = [401, "urn:items-api:problem:unauthorized", "Bearer"];

  expect(await ask("/items")).toEqual(unauthorized);
  expect(await ask("/items", "Basic dXNlcjpwYXNzd29yZA==")).toEqual(unauthorized);
  // The placeholder is no authorizer, so nobody can be let in.
  expect(await ask("/items", "Bearer e30.e30.e30")).toEqual([500, "urn:items-api:problem:internal-error", null]);
  expect(await ask("/nowhere")).toEqual([404, "urn:items-api:problem:not-found", null]);
  // Its own answer, too: health needs no token.
  expect((await ask("/health"))[0]).toBe(503);
  const deep = (await ask("/health/deep"))[0];
  expect(deep, "public, but in production for signed requests only").toBe(basename(root) === "prod" ? 404 : 503);
}

/** Without a refresh: the second plan has just read everything, and found it as the state has it. */
async function destroy(root: string): Promise<void> {
  const said = await mustTerraform(root, "destroy", "-auto-approve", "-parallelism=30", "-refresh=false");
  expect(said).toContain("Destroy complete!");
  const state = JSON.parse(readFileSync(join(copyFolder.path, root, "terraform.tfstate"), "utf8"));
  expect(state).toMatchObject({ resources: [] });
}

describe("infrastructure", () => {
  beforeAll(async () => {
    localAws = await LocalAwsProcess.start();
    env = {
      ...localAws.env,
      ...(setup.provider.source === "registry" && { TF_CLI_CONFIG_FILE: process.env.TF_CLI_CONFIG_FILE }),
      ...Object.fromEntries(Object.entries(VARIABLES).map(([name, value]) => [`TF_VAR_${name}`, String(value)])),
      TF_VAR_jwt: JSON.stringify(jwtOf(localAws)),
      CHECKPOINT_DISABLE: "1",
      TF_CLI_ARGS: "-no-color",
      TF_IN_AUTOMATION: "1",
      TF_INPUT: "0",
      // The provider makes much and keeps little: collecting garbage less often takes a quarter off its time.
      GOGC: "400",
    };
    await prepareWorkingCopy({
      repository: repositoryRoot,
      infrastructure: INFRASTRUCTURE,
      target: copyFolder.path,
      endpoint: localAws.endpoint,
      roots: [...environments, account].map((directory) => ({ directory, state: "beside" })),
    });
    shared.forEach(writeSharedRoot);
    boundaries = await createBoundaries();
    await apply(account);
  });

  afterAll(async () => {
    await localAws?.stop();
    copyFolder.remove();
  });

  test("all of it is formatted", async () => {
    const { code, stdout } = await runProgram(setup.terraform.path, ["fmt", "-check", "-recursive", INFRASTRUCTURE], {
      cwd: repositoryRoot,
    });

    expect(code, `not formatted; terraform fmt -recursive infrastructure:\n${stdout}`).toBe(0);
  });

  test("every module has an example, and there are the three environments", () => {
    const modules = globSync(`${INFRASTRUCTURE}/modules/*/main.tf`, { cwd: repositoryRoot });

    expect(examples).toEqual(modules.map((file) => file.replace(/main\.tf$/, "examples/complete")).sort());
    expect(environments.map((root) => basename(root))).toEqual(["dev", "prod", "staging"]);
  });

  test("environments differ in their values, and in nothing else", () => {
    for (const file of ["variables.tf", "outputs.tf", "providers.tf", "versions.tf", "backend.tf"]) {
      const [first, ...rest] = environments.map((root) =>
        readFileSync(join(repositoryRoot, root, file), "utf8").replace(`"${basename(root)}/`, '"ENVIRONMENT/'),
      );
      for (const text of rest) {
        expect(text, `${file} is not the same in all environments`).toBe(first);
      }
    }
  });

  test("values that cannot be right are refused before anything is planned, each with a sentence that helps", async () => {
    const service = `${INFRASTRUCTURE}/modules/items_service`;
    await initialise(service);
    const bad = {
      environment: "production",
      name_prefix: "a-prefix-of-more-than-24-characters-",
      bucket_prefix: "acme",
      throttling_rate_limit: "-500",
      throttling_burst_limit: "-1000",
      memory_size: "-512",
      cors_allow_origins: '["app.example.com/"]',
      deep_health: "private",
      jwt: '{"issuer":"http://issuer.example.com","audiences":[]}',
    };
    const given = Object.entries(bad).map(([name, value]) => `-var=${name}=${value}`);

    const { code, stdout, stderr } = await terraform(service, "plan", "-input=false", ...given);

    expect(code).toBe(1);
    // Terraform breaks its lines to fit, and draws a border beside them.
    const said = (stdout + stderr).replace(/[\s│╷╵]+/g, " ");
    expect(said).toContain("environment must be one of dev, staging and prod");
    expect(said).toContain("name_prefix must be empty or up to 24 lower-case letters, digits and hyphens");
    expect(said).toContain("bucket_prefix must be empty or up to 32 lower-case letters, digits and hyphens");
    expect(said).toContain("throttling_rate_limit must be more than 0");
    expect(said).toContain("throttling_burst_limit must be a positive whole number");
    expect(said).toContain("memory_size must be a whole number of MB between 128 and 10240");
    expect(said).toContain("Each of cors_allow_origins must be");
    expect(said).toContain("deep_health must be public, iam or off");
    expect(said).toContain("jwt.issuer must be the https URL that tokens have as their iss");
    expect(said).toContain("jwt.audiences must be one or more of what tokens have as their aud");
    expect(said).not.toContain("Terraform will perform");
  });

  test.concurrent.for(runs)(
    "$what: applied, nothing left to do, destroyed without a trace",
    { timeout: TIMEOUT_MS },
    async ({ folder }) => {
      await apply(folder);
      await expectNothingToDo(folder);
      if (environments.includes(folder)) {
        await expectLocked(folder);
      }
      await destroy(folder);
    },
  );

  test("the account's setting outlives them all, and nothing is left", async () => {
    await expectNothingToDo(account);
    await destroy(account);
    await deleteBoundaries();

    expect(await localAws.inventory()).toEqual({});
  });
});

/** The policies that bootstrap bounds the roles of each environment by. */
async function createBoundaries(): Promise<string[]> {
  const iam = new IAMClient(localAws.client);
  const document = {
    Version: "2012-10-17",
    Statement: [
      { Sid: "AtMost", Effect: "Allow", Action: ["dynamodb:*", "kms:*", "logs:*", "sqs:*", "xray:*"], Resource: "*" },
    ],
  };
  const names = environments.flatMap((root) =>
    ["execution", "backup"].map((what) => `slipway-${basename(root)}-${what}-boundary`),
  );
  const created = names.map((PolicyName) =>
    iam.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: JSON.stringify(document) })),
  );
  return (await Promise.all(created)).flatMap(({ Policy }) => Policy?.Arn ?? []);
}

async function deleteBoundaries(): Promise<void> {
  const iam = new IAMClient(localAws.client);
  await Promise.all(boundaries.map((PolicyArn) => iam.send(new DeletePolicyCommand({ PolicyArn }))));
}
