import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { planSummarySchema } from "@slipway/contracts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { golden } from "../test/golden.ts";
import { runSlipway } from "../test/run-slipway.ts";
import { temporaryRepository } from "../test/temporary-repository.ts";

const main = `
variable "password" {
  type      = string
  sensitive = true
  default   = "open sesame 1234"
}
resource "terraform_data" "made" {
  input = var.password
}
output "shown" {
  value = "for everybody"
}
`;
const environment = {
  terraform: { directory: "tf/live", stateKey: "live/terraform.tfstate" },
  functions: [
    {
      ...{ name: "orders", directory: "f", build: ["true"], artifact: "f/out" },
      outputs: { functionName: "a", alias: "b", artifactBucket: "c" },
    },
  ],
  api: { urlOutput: "url" },
  smoke: { steps: [{ name: "alive", method: "GET", path: "/", expect: { status: 200 } }] },
};
const config = {
  ...{ project: "orders", region: "us-east-1", infrastructure: "tf" },
  bootstrap: { directory: "tf/bootstrap", outputs: { stateBucket: "bucket" }, state: { bucket: "terraform-state" } },
  environments: { live: environment },
};

let repository: ReturnType<typeof temporaryRepository>;

beforeAll(() => {
  repository = temporaryRepository();
  const files = { "slipway.config.ts": `export default ${JSON.stringify(config)};\n`, "tf/live/main.tf": main };
  for (const [name, text] of Object.entries({ ...files, "tf/bootstrap/README.md": "", "f/README.md": "" })) {
    mkdirSync(dirname(join(repository.path, name)), { recursive: true });
    writeFileSync(join(repository.path, name), text);
  }
});

afterAll(() => repository?.remove());

const plan = (...words: string[]) =>
  runSlipway(["plan", "live", ...words], { cwd: repository.path, env: { PATH: process.env.PATH } });

test("plans and judges, keeps nothing, and shows no secret", async () => {
  const said = await plan("--markdown", "plan.md");

  expect(said.code, said.stderr).toBe(0);
  expect(said.stdout).toContain("live on AWS: 1 to add, 0 to change, 0 to destroy");
  expect(said.stdout).toContain("Added: 1\n  terraform_data.made\n");
  expect(said.stdout).toContain("Nothing stands in the way of this plan.");
  // Nothing says where the ledger lies: what cannot be compared is said.
  expect(said.stderr).toContain("changes of providers, backend and rules are not looked for");
  expect(readFileSync(join(repository.path, "plan.md"), "utf8")).toContain("## Plan of live on AWS");
  expect(JSON.stringify(said)).not.toContain("sesame");
  expect(readdirSync(join(repository.path, ".slipway/plans"))).toEqual([]);

  const { code, stdout } = await plan("--output", "json");
  expect(code).toBe(0);
  await golden("plan", stdout);
  expect(planSummarySchema.parse(JSON.parse(stdout))).toMatchObject({ release: null, changed: true, gate: "open" });
});

test("says what Terraform says where no plan can be made", async () => {
  writeFileSync(join(repository.path, "tf/live/more.tf"), "resource {}\n");

  const { code, stderr } = await plan();

  expect(code).toBe(2);
  expect(stderr).toContain("more.tf line 1");
});
