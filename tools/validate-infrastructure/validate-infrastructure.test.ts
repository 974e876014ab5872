import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { orThrow } from "../../scripts/setup/finding.mjs";
import { findTerraform } from "../../scripts/setup/terraform.mjs";
import { validateInfrastructure } from "./validate-infrastructure.ts";

/** Validates a folder of configurations that need no provider, with the real Terraform. */
async function validate(files: Record<string, string>) {
  const infrastructure = mkdtempSync(join(tmpdir(), "slipway-infrastructure-"));
  onTestFinished(() => rmSync(infrastructure, { recursive: true, force: true }));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(infrastructure, path)), { recursive: true });
    writeFileSync(join(infrastructure, path), content);
  }
  const root = resolve(import.meta.dirname, "../..");
  const terraform = orThrow(await findTerraform({ root, env: process.env })).path;
  const reports = await validateInfrastructure({ infrastructure, terraform, env: process.env });
  return { reports, left: readdirSync(infrastructure, { recursive: true }).sort() };
}

const output = 'output "name" {\n  value = "slipway"\n}\n';

test("good folders are good: format, init, validate and their tests; nothing is left in the repository", async () => {
  const files = {
    "bootstrap/main.tf": output,
    "modules/b/main.tf": output,
    "modules/b/tests/b.tftest.hcl":
      'run "name" {\n  assert {\n    condition     = output.name == "slipway"\n    error_message = "no"\n  }\n}\n',
    "environments/prod/main.tf": `module "b" {\n  source = "../../modules/b"\n}\n`,
    "README.md": "",
    "modules/documented-only/README.md": "",
  };

  const { reports, left } = await validate(files);

  const good = { format: "ok", init: "ok", validate: "ok", messages: [] };
  expect(reports).toMatchObject([
    { folder: "bootstrap", ...good, tests: "not run" },
    { folder: "modules/b", ...good, tests: "ok" },
    { folder: "environments/prod", ...good, tests: "not run" },
  ]);
  expect(left.filter((path) => String(path).includes(".terraform"))).toEqual([]);
});

test("each kind of fault is told with its place", async () => {
  const { reports } = await validate({
    "bootstrap/main.tf": output.replace("value =", "value    ="),
    "modules/broken/main.tf": 'output "name" {\n  value = var.unknown\n}\n',
    "modules/failing/main.tf": output,
    "modules/failing/tests/a.tftest.hcl":
      'run "a" {\n  assert {\n    condition     = output.name == "other"\n    error_message = "it is not other"\n  }\n}\n',
    "environments/prod/main.tf": 'module "gone" {\n  source = "../../modules/gone"\n}\n',
  });

  expect(reports).toMatchObject([
    { folder: "bootstrap", format: "failed", validate: "ok", messages: [expect.stringContaining("main.tf: not form")] },
    {
      folder: "modules/broken",
      validate: "failed",
      messages: [expect.stringMatching(/^main\.tf:2: Reference to undeclared input variable: /)],
    },
    { folder: "modules/failing", tests: "failed", messages: [expect.stringContaining("it is not other")] },
    {
      folder: "environments/prod",
      init: "failed",
      validate: "not run",
      messages: [expect.stringMatching(/^terraform init: Error: Unreadable module directory/)],
    },
  ]);
});

test("a folder without any configuration is no success", async () => {
  await expect(validate({ "README.md": "" })).rejects.toThrow("holds no Terraform configuration");
});
