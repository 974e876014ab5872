import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type TemporaryFolder, temporaryFolder } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { findTerraform } from "../test/find-terraform.ts";
import { prepareWorkingCopy, type WorkingCopyRoot } from "./prepare-working-copy.ts";

const endpoint = "http://127.0.0.1:4999";

function arrange(folder: TemporaryFolder, files: Record<string, string>) {
  const repository = join(folder.path, "repository");
  const target = join(folder.path, "copy");
  const write = (path: string, text: string) => {
    const file = join(repository, "tf", path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  for (const [path, text] of Object.entries(files)) write(path, text);
  const prepare = (...roots: WorkingCopyRoot[]) =>
    prepareWorkingCopy({ repository, infrastructure: "tf", target, endpoint, roots });
  const read = (path: string) => readFileSync(join(target, "tf", path), "utf8");
  return { repository, target, write, prepare, read };
}

const prod: WorkingCopyRoot = { directory: "tf/prod", state: "as-configured" };
const s3Backend = 'terraform {\n  backend "s3" {\n    key          = "k"\n    use_lockfile = true\n  }\n}\n';

describe("prepareWorkingCopy", () => {
  it("copies files under the same paths, without state and without what init made", async () => {
    using folder = temporaryFolder();
    const { prepare, read, target } = arrange(folder, {
      "modules/a/main.tf": "# a",
      "prod/main.tf": 'provider "aws" {}',
      "prod/.terraform/providers/x": "x",
      "prod/terraform.tfstate": "{}",
      "prod/terraform.tfstate.backup": "{}",
      "prod/old.tfplan": "secret",
      "prod/.terraform.lock.hcl": "# lock",
    });

    const copy = await prepare(prod);

    expect(copy).toMatchObject({
      written: 4,
      removed: 0,
      roots: { "tf/prod": { directory: join(target, "tf/prod"), backendConfigFiles: [] } },
    });
    expect(read("modules/a/main.tf")).toBe("# a");
    expect(read("prod/.terraform.lock.hcl")).toBe("# lock");
    for (const path of [".terraform", "terraform.tfstate", "terraform.tfstate.backup", "old.tfplan"]) {
      expect(existsSync(join(target, "tf/prod", path))).toBe(false);
    }
  });

  it("writes only what differs, removes only what it wrote, and leaves the rest alone", async () => {
    using folder = temporaryFolder();
    const { prepare, write, read, repository, target } = arrange(folder, {
      "prod/main.tf": 'provider "aws" {}',
      "prod/gone.tf": "# gone",
      "prod/.terraform.lock.hcl": "# lock",
    });
    await prepare(prod);
    const before = statSync(join(target, "tf/prod/main.tf")).mtimeMs;
    writeFileSync(join(target, "tf/prod/terraform.tfstate"), "precious");
    writeFileSync(join(target, "tf/prod/.terraform.lock.hcl"), "# lock, completed by init");

    expect(await prepare(prod)).toMatchObject({ written: 0, removed: 0 });
    rmSync(join(repository, "tf/prod/gone.tf"));
    write("prod/new.tf", "# new");

    expect(await prepare(prod)).toMatchObject({ written: 1, removed: 1 });
    expect(existsSync(join(target, "tf/prod/gone.tf"))).toBe(false);
    expect(read("prod/new.tf")).toBe("# new");
    expect(read("prod/terraform.tfstate")).toBe("precious");
    expect(read("prod/.terraform.lock.hcl")).toBe("# lock, completed by init");
    expect(statSync(join(target, "tf/prod/main.tf")).mtimeMs).toBe(before);

    write("prod/.terraform.lock.hcl", "# another lock");
    expect(await prepare(prod)).toMatchObject({ written: 1 });
    expect(read("prod/.terraform.lock.hcl")).toBe("# another lock");
  });

  it("puts a changed file back, and follows another endpoint", async () => {
    using folder = temporaryFolder();
    const { prepare, read, repository, target } = arrange(folder, { "prod/main.tf": 'provider "aws" {}' });
    await prepare(prod);
    writeFileSync(join(target, "tf/prod/main.tf"), "tampered");

    await prepareWorkingCopy({
      repository,
      infrastructure: "tf",
      target,
      endpoint: "http://127.0.0.1:5001",
      roots: [prod],
    });

    expect(read("prod/main.tf")).toBe('provider "aws" {}');
    expect(read("prod/slipway_override.tf")).toContain('lambda                   = "http://127.0.0.1:5001"');
  });

  it("overrides every provider block by its alias, and brings one where there is none and AWS is used", async () => {
    using folder = temporaryFolder();
    const { prepare, read, target } = arrange(folder, {
      "prod/main.tf": 'provider "aws" {}\nprovider "aws" {\n  alias = "us"\n}\nprovider "random" {}\n',
      "json/main.tf.json": JSON.stringify({ provider: { aws: [{ alias: "eu" }] } }),
      "bare/main.tf": 'resource "aws_sns_topic" "x" {}',
      "modules/main.tf": 'module "x" {\n  source = "../x"\n}\n',
      "none/main.tf": 'resource "terraform_data" "x" {}',
      "left/main.tf": 'resource "terraform_data" "x" {}',
      "left/.terraform.lock.hcl": 'provider "registry.terraform.io/hashicorp/aws" {}',
    });

    await prepare(
      prod,
      ...["json", "bare", "modules", "none", "left"].map((name) => ({ ...prod, directory: `tf/${name}` })),
    );

    expect(read("prod/slipway_override.tf").match(/^(provider .*| {2}alias .*)$/gm)).toEqual([
      'provider "aws" {',
      'provider "aws" {',
      '  alias = "us"',
    ]);
    expect(read("json/slipway_override.tf")).toContain('  alias = "eu"');
    expect(read("bare/slipway_provider.tf")).toContain('provider "aws" {');
    expect(read("modules/slipway_provider.tf")).toContain('provider "aws" {');
    expect(read("left/slipway_provider.tf")).toContain('provider "aws" {');
    expect(existsSync(join(target, "tf/none/slipway_provider.tf"))).toBe(false);
  });

  it("adds to an S3 backend by a file for init, so that nothing of the backend block is lost", async () => {
    using folder = temporaryFolder();
    const { prepare, read, target } = arrange(folder, { "prod/main.tf": `${s3Backend}provider "aws" {}` });

    const { roots } = await prepare(prod);

    expect(roots["tf/prod"]?.backendConfigFiles).toEqual([join(target, "tf/prod/slipway.s3.tfbackend")]);
    expect(read("prod/slipway.s3.tfbackend")).toContain(`endpoints                   = { s3 = "${endpoint}"`);
    expect(read("prod/slipway_override.tf")).not.toContain("backend");
  });

  it("keeps the state of a bootstrap beside it, also once its backend is S3", async () => {
    using folder = temporaryFolder();
    const { prepare, read } = arrange(folder, { "bootstrap/main.tf": `${s3Backend}provider "aws" {}` });

    const { roots } = await prepare({ directory: "tf/bootstrap", state: "beside" });

    expect(roots["tf/bootstrap"]?.backendConfigFiles).toEqual([]);
    expect(read("bootstrap/slipway_override.tf")).toContain('backend "local" {}');
  });

  it("writes what Terraform accepts", async () => {
    using folder = temporaryFolder();
    const { prepare, target } = arrange(folder, { "bootstrap/main.tf": `${s3Backend}provider "aws" {}` });
    await prepare({ directory: "tf/bootstrap", state: "beside" });

    const formatted = execFileSync(findTerraform(), ["fmt", "-check", "-diff", "-recursive", target], {
      env: { PATH: process.env.PATH },
      encoding: "utf8",
    });

    expect(formatted.replace(/^--- .*main\.tf[\s\S]*?(?=^--- |$(?![\s\S]))/gm, "")).toBe("");
  });

  it("refuses a backend that local AWS cannot stand for, and names that are taken", async () => {
    using folder = temporaryFolder();
    const { prepare, write } = arrange(folder, { "prod/main.tf": 'terraform {\n  backend "gcs" {}\n}\n' });

    await expect(prepare(prod)).rejects.toMatchObject({
      kind: "usage",
      why: expect.stringContaining('the backend "gcs"'),
    });
    write("prod/main.tf", "terraform {\n  cloud {}\n}\n");
    await expect(prepare(prod)).rejects.toThrow('the backend "cloud"');
    write("prod/main.tf", 'provider "aws" {}');
    write("prod/slipway_override.tf", "");
    await expect(prepare(prod)).rejects.toThrow("it has a file slipway_override.tf");
  });

  it("copies a linked file as a file, and refuses a linked folder", async () => {
    using folder = temporaryFolder();
    const { prepare, read, repository } = arrange(folder, {
      "prod/main.tf": 'provider "aws" {}',
      "shared.tf": "# shared",
    });
    symlinkSync("../shared.tf", join(repository, "tf/prod/shared.tf"));
    await prepare(prod);
    expect(read("prod/shared.tf")).toBe("# shared");

    symlinkSync("..", join(repository, "tf/prod/up"));
    await expect(prepare(prod)).rejects.toThrow(/prod\/up cannot be copied.*\n.*link to a folder/);
  });
});
