import type { RootModule } from "./read-root-module.ts";

/** Every service that this repository's Terraform talks to; others follow `AWS_ENDPOINT_URL` in the environment. */
const services = [
  "apigateway",
  "cloudwatch",
  "dynamodb",
  "iam",
  "kms",
  "lambda",
  "logs",
  "resourcegroupstaggingapi",
  "s3",
  "scheduler",
  "sns",
  "sqs",
  "sts",
] as const;

const note = `# Generated for a rehearsal: do not edit, do not commit.\n`;

export const overrideFile = "slipway_override.tf";
/** For a root module without a provider block: an override without something to override is an error. */
export const providerFile = "slipway_provider.tf";
export const backendFile = "slipway.s3.tfbackend";

/**
 * The provider and backend settings that send a root module to another endpoint, by file name.
 *
 * Terraform merges an override's provider block into the existing one, argument by argument, so the default tags and the
 * region stay what they are. A backend block is replaced as a whole instead, which would lose `use_lockfile` and whatever
 * is added to it one day: hence the S3 backend gets its settings from a file for `-backend-config`, which only adds.
 *
 * Accounts are not checked, since every local AWS has one of its own. Credentials come from the environment, never from
 * a file.
 *
 * @param localState keep the state beside the files, whatever the backend block says
 * @see https://developer.hashicorp.com/terraform/language/files/override#merging-behavior
 */
export function generatedFiles(root: RootModule, endpoint: string, localState: boolean): Map<string, string> {
  const files = new Map<string, string>();
  const overrides: string[] = [];
  // Where nothing needs it, Terraform would start it for every command all the same.
  if (root.awsProviders.length === 0 && root.mayUseAws) {
    files.set(providerFile, `${note}\n${provider(undefined, endpoint)}`);
  }
  overrides.push(...root.awsProviders.map((alias) => provider(alias, endpoint)));
  if (localState && root.backend !== undefined) {
    overrides.push(`terraform {\n  backend "local" {}\n}\n`);
  }
  if (!localState && root.backend === "s3") {
    files.set(backendFile, `${note}\n${s3Backend(endpoint)}`);
  }
  if (overrides.length > 0) {
    files.set(overrideFile, `${note}\n${overrides.join("\n")}`);
  }
  return files;
}

function provider(alias: string | undefined, endpoint: string): string {
  const url = JSON.stringify(endpoint);
  const width = Math.max(...services.map((service) => service.length));
  return [
    `provider "aws" {`,
    ...(alias === undefined ? [] : [`  alias = ${JSON.stringify(alias)}`, ""]),
    "  s3_use_path_style           = true",
    "  skip_credentials_validation = true",
    "  skip_metadata_api_check     = true",
    "  skip_region_validation      = true",
    "  allowed_account_ids         = null",
    "  forbidden_account_ids       = null",
    "",
    "  endpoints {",
    ...services.map((service) => `    ${service.padEnd(width)} = ${url}`),
    "  }",
    "}",
    "",
  ].join("\n");
}

function s3Backend(endpoint: string): string {
  const url = JSON.stringify(endpoint);
  return [
    `endpoints                   = { s3 = ${url}, iam = ${url}, sts = ${url} }`,
    "use_path_style              = true",
    "skip_credentials_validation = true",
    "skip_metadata_api_check     = true",
    "skip_region_validation      = true",
    "skip_requesting_account_id  = true",
    "",
  ].join("\n");
}
