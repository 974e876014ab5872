import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { PlanReader } from "@slipway/analysis";
import { temporaryFolder } from "@slipway/testing";
import { expect, test } from "vitest";
import { readGround } from "./plan-ground.ts";

const lockFile = `# This file is maintained automatically by "terraform init".

provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.100.0"
  constraints = "~> 5.100"
  hashes = [
    "h1:abc=",
  ]
}

provider "registry.terraform.io/hashicorp/random" {
  version = "3.7.2"
}
`;

/** What a folder and a plan with one block of the provider stand on. */
async function groundOf(
  folder: string,
  expressions: object,
  { variables = {}, declared = {}, onSecret = (_: string) => {} } = {},
) {
  const reader = new PlanReader(onSecret);
  const provider_config = { aws: { name: "aws", full_name: "registry.terraform.io/hashicorp/aws", expressions } };
  const configuration = { provider_config, root_module: { variables: declared } };
  const plan = { format_version: "1.2", terraform_version: "1.11.4", variables, configuration };
  reader.write(Buffer.from(JSON.stringify(plan)));
  return readGround(folder, lockFile, reader.end(), onSecret);
}

test("the providers of the lock file, and where the state lies", async () => {
  using folder = temporaryFolder();
  mkdirSync(join(folder.path, ".terraform"));
  const config = {
    bucket: "states",
    key: "prod/terraform.tfstate",
    region: "us-east-1",
    secret_key: "hush",
    encrypt: true,
  };
  writeFileSync(
    join(folder.path, ".terraform/terraform.tfstate"),
    JSON.stringify({ version: 3, backend: { type: "s3", config: { ...config, workspace_key_prefix: null } } }),
  );

  expect(await groundOf(folder.path, {})).toEqual({
    terraform: "1.11.4",
    providers: [
      { source: "registry.terraform.io/hashicorp/aws", version: "5.100.0" },
      { source: "registry.terraform.io/hashicorp/random", version: "3.7.2" },
    ],
    providerBlocks: [{ name: "aws", arguments: {} }],
    backend: { type: "s3", settings: { bucket: "states", key: "prod/terraform.tfstate", region: "us-east-1" } },
  });
});

test("a provider's block by digests: they tell that it changed, and not what it says", async () => {
  using folder = temporaryFolder();
  const digest = async (expressions: object, variables = {}, declared = {}) =>
    (await groundOf(folder.path, expressions, { variables, declared })).providerBlocks[0]?.arguments;
  const role = { assume_role: [{ role_arn: { references: ["var.role"] } }] };
  const [one, other] = [{ role: { value: "arn:one" } }, { role: { value: "arn:other" } }];

  expect(await digest(role, one)).toEqual(await digest(role, one));
  expect(await digest(role, one)).not.toEqual(await digest(role, other));
  expect(await digest({ region: { constant_value: "us-east-1" } })).not.toEqual(
    await digest({ region: { constant_value: "eu-west-1" } }),
  );
  expect(JSON.stringify(await digest(role, one))).not.toContain("arn:one");
  // A digest of a short secret can be guessed.
  expect(await digest(role, one, { role: { sensitive: true } })).toEqual(
    await digest(role, other, { role: { sensitive: true } }),
  );
  // A local AWS on another port is no other place.
  const endpoint = (port: number) => ({ endpoints: [{ s3: { constant_value: `http://127.0.0.1:${port}` } }] });
  expect(await digest(endpoint(4566))).toEqual(await digest(endpoint(4567)));
});

test("credentials in a provider's block are handed out, and nothing of them is kept", async () => {
  using folder = temporaryFolder();
  const secrets: string[] = [];
  const onSecret = (secret: string) => void secrets.push(secret);

  const ground = await groundOf(folder.path, { secret_key: { constant_value: "open sesame" } }, { onSecret });

  expect(secrets).toEqual(["open sesame"]);
  expect(ground.providerBlocks).toEqual([{ name: "aws", arguments: {} }]);
});
