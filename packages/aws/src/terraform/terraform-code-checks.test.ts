import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TemporaryFolder, temporaryFolder } from "@slipway/testing";
import { describe, expect, test } from "vitest";
import { terraformOptions } from "../test/root-module.ts";
import { TerraformCodeChecks } from "./terraform-code-checks.ts";

const directory = "terraform/prod";

/** A root module without providers: nothing is fetched. */
function checksOf(folder: TemporaryFolder, text: string, binary = terraformOptions.binary): TerraformCodeChecks {
  mkdirSync(join(folder.path, directory), { recursive: true });
  writeFileSync(join(folder.path, directory, "main.tf"), text);
  return new TerraformCodeChecks({
    ...{ ...terraformOptions, binary, repository: folder.path, infrastructure: "terraform", directory },
  });
}

describe("format", () => {
  test("is all right, or names the files that are not", async () => {
    using folder = temporaryFolder();
    expect(await checksOf(folder, 'output "a" {\n  value = 1\n}\n').format()).toMatchObject({ ok: true });
    expect(await checksOf(folder, 'output "a" {\nvalue=1\n}\n').format()).toEqual({
      ok: false,
      messages: ["terraform/prod/main.tf is not formatted"],
      command: "terraform fmt -check -recursive terraform",
    });
  });

  test("of what is no HCL is not all right", async () => {
    using folder = temporaryFolder();

    expect(await checksOf(folder, 'output "a" {').format()).toMatchObject({ ok: false });
  });
});

describe("validate", () => {
  test("is all right, and leaves nothing behind in the repository", async () => {
    using folder = temporaryFolder();

    expect(await checksOf(folder, 'output "a" {\n  value = 1\n}\n').validate()).toMatchObject({
      ...{ ok: true, command: "terraform -chdir=terraform/prod validate" },
    });
    expect(readdirSync(join(folder.path, directory))).toEqual(["main.tf"]);
  });

  test("names the place and what is wrong there", async () => {
    using folder = temporaryFolder();

    const verdict = await checksOf(folder, 'output "a" {\n  value = var.unknown\n}\n').validate();

    expect(verdict).toMatchObject({
      ok: false,
      messages: [expect.stringContaining("terraform/prod/main.tf:2: Reference to undeclared input variable")],
    });
  });
});

test("without Terraform nobody knows", async () => {
  using folder = temporaryFolder();
  const checks = checksOf(folder, "", "no-such-terraform");

  await expect(checks.format()).rejects.toMatchObject({ kind: "usage", next: "npm run setup" });
  await expect(checks.validate()).rejects.toMatchObject({ kind: "usage" });
});
