// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of Terraform look like JavaScript's
import { parseConfig } from "@slipway/contracts";
import { describe, expect, it } from "vitest";
import { adoptionNotes } from "./adoption-notes.ts";
import { type DetectedRepository, detectRepository } from "./detect-repository.ts";
import { proposeConfig } from "./propose-config.ts";

/** One function with all that it takes, in one root module without environments. */
const MAIN = `
terraform {
  backend "s3" {}
}
provider "aws" {
  region = "eu-central-1"
}
variable "stage" {
  default = "x"
}
resource "aws_lambda_function" "orders" {
  function_name = "orders-\${var.stage}"
  handler       = "index.handler"
  publish       = true
  s3_bucket     = aws_s3_bucket.zips.id
  lifecycle {
    ignore_changes = [s3_bucket, s3_key]
  }
}
resource "aws_lambda_alias" "live" {
  name          = "live"
  function_name = aws_lambda_function.orders.function_name
  lifecycle {
    ignore_changes = [function_version, routing_config]
  }
}
resource "aws_s3_bucket" "zips" {
  bucket = "zips"
}
resource "aws_api_gateway_rest_api" "this" {
  body = jsonencode({
    openapi = "3.0.1"
    paths = {
      "/orders/{id}" = {
        get = { x-amazon-apigateway-integration = { uri = aws_lambda_alias.live.invoke_arn } }
      }
      "/ping" = {
        get = { x-amazon-apigateway-integration = { uri = "arn:x/\${aws_lambda_function.orders.arn}/invocations" } }
      }
    }
  })
}
resource "aws_api_gateway_stage" "this" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  stage_name  = "v1"
}
output "url" { value = "\${aws_api_gateway_stage.this.invoke_url}/" }
output "name" { value = aws_lambda_function.orders.function_name }
output "alias" { value = aws_lambda_alias.live.name }
output "zips" { value = aws_s3_bucket.zips.bucket }
`;
const PACKAGE = JSON.stringify({
  name: "@acme/orders",
  scripts: { build: "esbuild src/index.ts --bundle --outfile=out/index.js" },
});

function detect(files: Readonly<Record<string, string>>): DetectedRepository {
  const detected = detectRepository(new Map(Object.entries(files)), { folder: "somewhere" });
  if (!("layout" in detected)) {
    throw new Error(JSON.stringify(detected));
  }
  return detected;
}

/** What is proposed, checked as a loaded configuration is. */
function propose(detected: DetectedRepository) {
  const result = parseConfig(proposeConfig(detected));
  if (!result.ok) {
    throw new Error(result.problems.join("\n"));
  }
  return result.config;
}

const idsOf = (detected: DetectedRepository) => adoptionNotes(detected).map(({ level, id }) => `${level} ${id}`);

describe("a repository with one root module", () => {
  const files = { "infra/main.tf": MAIN, "package.json": PACKAGE, "src/index.ts": "export const handler = 1;" };

  it("is proposed with what stands in its code", () => {
    const config = propose(detect(files));
    expect(config).toMatchObject({ project: "orders", region: "eu-central-1", infrastructure: "infra" });
    expect(config.bootstrap.directory).toBe("infra/bootstrap");
    expect(Object.keys(config.environments)).toEqual(["prod"]);
    expect(config.environments.prod).toMatchObject({
      terraform: { directory: "infra", stateKey: "prod/terraform.tfstate", variableFiles: [] },
      protected: true,
      functions: [
        {
          ...{ name: "orders", directory: ".", build: ["npm", "run", "build"], artifact: "out" },
          outputs: { functionName: "name", alias: "alias", artifactBucket: "zips" },
        },
      ],
      api: { urlOutput: "url", resources: ["/ping", "/orders/{id}"] },
      smoke: { ready: { path: "/ping" }, steps: [{ path: "/ping", expect: { status: 200 } }] },
    });
  });

  it("is told what it lacks, the most urgent first", () => {
    const ids = idsOf(detect(files));
    expect(ids.filter((id) => id.startsWith("must"))).toEqual([
      "must bootstrap.none",
      "must bucket.no-tls",
      // The route to /ping.
      "must api.past-alias",
    ]);
    expect(ids).toEqual(
      expect.arrayContaining(["should alarms.none", "should api.not-throttled", "check environments.guessed"]),
    );
    expect(ids).toEqual([...ids].sort((a, b) => "msc".indexOf(a.charAt(0)) - "msc".indexOf(b.charAt(0))));
  });

  it.each<[string, string, string, string]>([
    ["no alias", "aws_lambda_alias", "aws_other", "must function.no-alias"],
    ["an alias that applies move", "[function_version, routing_config]", "[function_version]", "must alias.applied"],
    ["no versions", "publish       = true", "", "must function.not-published"],
    [
      "versions that nobody knows of",
      "publish       = true",
      "publish = var.publish",
      "check function.maybe-published",
    ],
    ["code that applies put back", "[s3_bucket, s3_key]", "[s3_bucket]", "must function.code-applied"],
    ["an image", "publish       = true", 'package_type = "Image"', "must function.image"],
    ["no state that others can see", 'backend "s3" {}', "", "must backend.none"],
    ["a backend that is not S3", 'backend "s3" {}', "cloud {}", "must backend.other"],
    ["workspaces", "orders-${var.stage}", "orders-${terraform.workspace}", "must environments.workspaces"],
    ["a variable without a value", 'default = "x"', "", "must variables.missing"],
    ["no output with the URL", 'output "url"', 'output "no" { value = 1 }\nlocal "url"', "must output.missing"],
    ["an HTTP API", '"aws_api_gateway_rest_api"', '"aws_apigatewayv2_api"', "must api.http"],
    ["a handler that is not built", "index.handler", "main.handler", "must function.handler"],
    ["a Region that nobody says", 'region = "eu-central-1"', "", "check region.guessed"],
    ["a file that is not read", 'output "zips"', 'output "zips" = ', "check terraform.unread"],
  ])("is told of %s", (_, from, to, id) => {
    const main = MAIN.replace(from, to);
    expect(main).not.toBe(MAIN);
    // What is not read has nothing in it: the rest of it stands in another file then.
    const others: Readonly<Record<string, string>> = id.endsWith("unread") ? { "infra/other.tf": MAIN } : {};
    const detected = detect({ ...files, ...others, "infra/main.tf": main });
    if (!id.endsWith("image")) {
      propose(detected);
    }
    expect(idsOf(detected)).toContain(id);
  });

  it("has the environments that have files with values, and the values that all of them share", () => {
    const detected = detect({
      ...files,
      "infra/env/production.tfvars": 'stage = "production"',
      "infra/env/qa.tfvars.json": '{ "stage": "qa" }',
      "infra/env/common.tfvars": "",
      "infra/terraform.tfvars": "",
    });
    const { environments } = propose(detected);
    expect(
      Object.entries(environments).map(([name, each]) => [name, each.protected, each.terraform.variableFiles]),
    ).toEqual([
      ["qa", false, ["infra/env/common.tfvars", "infra/env/qa.tfvars.json"]],
      ["production", true, ["infra/env/common.tfvars", "infra/env/production.tfvars"]],
    ]);
    expect(idsOf(detected)).not.toContain("check environments.guessed");
  });

  it("keeps its state where its code or a file of the backend says", () => {
    const inBlock = detect({
      ...files,
      "infra/main.tf": MAIN.replace('backend "s3" {}', 'backend "s3" { key = "o.tfstate" }'),
    });
    expect(propose(inBlock).environments.prod?.terraform.stateKey).toBe("o.tfstate");
    const inFile = detect({ ...files, "infra/prod.s3.tfbackend": 'key = "p/o.tfstate"' });
    expect(propose(inFile).environments.prod?.terraform.stateKey).toBe("p/o.tfstate");
  });

  it("is not built by what makes pages", () => {
    const pages = '{ "scripts": { "build": "vite build" } }';
    const detected = detect({ "infra/main.tf": MAIN, "web/package.json": pages });
    expect(idsOf(detected)).toContain("must build.missing");
    propose(detected);
  });

  it("uses the package manager that it has", () => {
    const { environments } = propose(detect({ ...files, "pnpm-lock.yaml": "" }));
    expect(environments.prod?.functions[0]?.build).toEqual(["pnpm", "run", "build"]);
    expect(environments.prod?.release.checklist.tests).toEqual(["pnpm", "run", "test"]);
  });

  it("is proposed with names for outputs that are not there, and told to add them", () => {
    const detected = detect({ ...files, "infra/main.tf": MAIN.replace(/output "(name|alias|zips)"/g, 'local "$1"') });
    expect(propose(detected).environments.prod?.functions[0]?.outputs).toEqual({
      ...{ functionName: "orders_function_name", alias: "orders_function_alias", artifactBucket: "artifact_bucket" },
    });
    expect(adoptionNotes(detected).map(({ next }) => next)).toContain(
      'add output "orders_function_name" { value = aws_lambda_function.orders.function_name }',
    );
  });

  it("may lie at the top, with its folders inside of it", () => {
    const config = propose(detect({ ...files, "main.tf": MAIN, "infra/main.tf": "" }));
    expect(config).toMatchObject({ infrastructure: ".", bootstrap: { directory: "./bootstrap" } });
  });
});

describe("a repository with a folder for each environment, and modules", () => {
  const root = (memory: string) => `
terraform {
  backend "s3" {
    key = "${memory}/state.tfstate"
  }
}
module "shop" {
  source = "../../modules/shop"
  names  = ["orders", "stock"]
}
output "orders" { value = module.shop.names["orders"] }
output "stock" { value = module.shop.stock }
output "table" { value = module.shop.table }
`;
  const files = {
    "infra/live/prod/main.tf": root("prod"),
    "infra/live/dev/main.tf": root("dev"),
    "infra/account/main.tf": `
resource "aws_s3_bucket" "tfstate" { bucket = "acme-states" }
resource "aws_dynamodb_table" "ledger" {
  name      = "acme-ledger"
  hash_key  = "environment"
  range_key = "sequence"
}
output "bucket" { value = aws_s3_bucket.tfstate.id }
output "ledger" { value = aws_dynamodb_table.ledger.name }
`,
    "infra/modules/shop/main.tf": `
variable "names" {}
variable "keep" {
  default = null
}
resource "aws_lambda_function" "this" {
  for_each      = toset(var.names)
  function_name = "shop-\${each.key}"
  publish       = true
}
resource "aws_lambda_function" "none" {
  count = var.keep == null ? 0 : 1
}
resource "aws_lambda_alias" "this" {
  for_each      = aws_lambda_function.this
  name          = "live"
  function_name = "shop-orders"
}
resource "aws_dynamodb_table" "this" {
  name = "shop-things"
}
output "names" {
  value = { orders = aws_lambda_function.this["orders"].function_name }
}
output "stock" { value = "shop-stock" }
output "table" { value = aws_dynamodb_table.this.name }
`,
    "apps/orders/package.json": '{ "scripts": { "build": "tsc -p ." } }',
    "apps/orders/tsconfig.json": '{ "compilerOptions": { "outDir": "./lib" } }',
    "apps/stock/package.json": '{ "scripts": { "build": "node build.mjs" } }',
    "package.json": '{ "name": "shop", "scripts": { "build": "npm run build --workspaces" } }',
    "examples/x/main.tf": 'resource "aws_lambda_function" "other" {}',
  };

  it("has these environments, the functions of the modules, and its bootstrap", () => {
    const config = propose(detect(files));
    expect(config).toMatchObject({
      infrastructure: "infra",
      bootstrap: {
        ...{ directory: "infra/account", outputs: { stateBucket: "bucket", ledgerTable: "ledger" } },
        ...{ state: { bucket: "acme-states" }, ledger: { table: "acme-ledger" } },
      },
    });
    expect(Object.entries(config.environments).map(([name, { terraform }]) => [name, terraform.stateKey])).toEqual([
      ["dev", "dev/state.tfstate"],
      ["prod", "prod/state.tfstate"],
    ]);
    expect(config.environments.prod?.functions).toMatchObject([
      { name: "orders", directory: "apps/orders", artifact: "apps/orders/lib", outputs: { functionName: "orders" } },
      { name: "stock", directory: "apps/stock", artifact: "apps/stock/dist", outputs: { functionName: "stock" } },
    ]);
    expect(config.environments.prod?.data?.tables).toMatchObject([{ name: "shop-things", output: "table" }]);
  });

  it("is told what is asked of each function, and not known", () => {
    const notes = adoptionNotes(detect(files)).filter(({ id }) => id === "proof.missing");
    expect(notes.map(({ subject }) => subject)).toEqual(["functions[orders].proof", "functions[stock].proof"]);
  });
});

describe("a repository with nothing in it", () => {
  it.each([
    [{}, { hasTerraform: false, otherTools: [] }],
    [
      { "main.tf": "", "a/serverless.yml": "" },
      { hasTerraform: true, otherTools: ["Serverless Framework"] },
    ],
    [{ "cdk.json": "{}" }, { hasTerraform: false, otherTools: ["AWS CDK"] }],
  ])("has nothing that can be released: %j", (files, expected) => {
    expect(detectRepository(new Map(Object.entries(files)), { folder: "x" })).toMatchObject(expected);
  });
});
