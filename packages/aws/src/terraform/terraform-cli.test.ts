// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of HCL, which must stay text.

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ReleaseError, Sensitive } from "@slipway/release-engine";
import { temporaryFolder } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { arrangeRoot, greeting, terraformOptions } from "../test/root-module.ts";

describe("TerraformCli", () => {
  it("applies what it planned, then finds nothing to do, then only what changed", async () => {
    using folder = temporaryFolder();
    const { apply, planFile, progress } = arrangeRoot(folder, greeting);

    const first = await apply({ variables: { greeting: "hello" } });
    const second = await apply({ variables: { greeting: "hello" } });
    const third = await apply({ variables: { greeting: "bye" } });

    expect(first).toMatchObject({
      changed: true,
      counts: { add: 2, change: 0, destroy: 0 },
      outputs: { greeting: "hello" },
    });
    expect(second).toMatchObject({
      changed: false,
      counts: { add: 0, change: 0, destroy: 0 },
      outputs: { greeting: "hello" },
    });
    expect(third).toMatchObject({
      changed: true,
      counts: { add: 1, change: 1, destroy: 1 },
      outputs: { greeting: "bye" },
    });
    expect(progress.lines).toContain("terraform_data.greeting: Plan to create");
    expect(progress.lines).toContain("terraform_data.greeting: Creation complete after 0s");
    expect(progress.ended).toContain("root.apply: done (1 added, 1 changed, 1 destroyed)");
    expect(existsSync(planFile)).toBe(false);
  });

  it("runs init again only when something changed that it reads", async () => {
    using folder = temporaryFolder();
    const { apply, progress, write, directory } = arrangeRoot(folder, greeting);
    const initLines = async () => {
      progress.events.length = 0;
      await apply({ variables: { greeting: "hello" } });
      return progress.events.flatMap((event) =>
        event.type === "phase-line" && event.phase === "root.init" ? [event.text] : [],
      );
    };

    expect(await initLines()).toContain("Initializing provider plugins...");
    expect(await initLines()).toEqual(["nothing changed since the last init"]);
    write("more.tf", 'module "part" {\n  source = "./part"\n}\n');
    mkdirSync(join(directory, "part"));
    write("part/main.tf", "");
    expect(await initLines()).toContain("Initializing modules...");
    expect(await initLines()).toEqual(["nothing changed since the last init"]);
    write("part/main.tf", 'terraform {\n  required_version = ">= 1.11"\n}\n');
    expect(await initLines()).toContain("Initializing modules...");
  });

  it("passes values of every kind on as they are", async () => {
    using folder = temporaryFolder();
    const { apply } = arrangeRoot(folder, greeting);
    const labels = { "a b": 'quo"te', template: "${var.password} %{ if true }", line: "1\n2", literal: "$${x}" };

    const { outputs } = await apply({ variables: { greeting: '"${hello}" = [1]\n', labels } });

    expect(outputs).toMatchObject({ greeting: '"${hello}" = [1]\n', labels });
  });

  it("shows sensitive outputs nowhere", async () => {
    using folder = temporaryFolder();
    const { apply, progress } = arrangeRoot(folder, greeting);

    const result = await apply({ variables: { greeting: "hello", password: "open sesame" } });

    expect(result.outputs.password).toBeInstanceOf(Sensitive);
    expect(JSON.stringify([result, progress.events])).not.toContain("open sesame");
    expect(JSON.stringify(result.outputs)).toContain('"password":"(sensitive value)"');
  });

  it("keeps the plan file from others while it is there", async () => {
    using folder = temporaryFolder();
    const { terraform, directory, planFile } = arrangeRoot(folder, greeting);
    mkdirSync(join(folder.path, "plans"));
    writeFileSync(planFile, "", { mode: 0o644 });
    const onLine = () => undefined;

    const workspace = await terraform.init({ directory, onLine });
    await workspace.plan({ planFile, variables: { greeting: "hello" }, onLine });

    expect(statSync(planFile).mode & 0o777).toBe(0o600);
    expect(statSync(planFile).size).toBeGreaterThan(0);
  });

  it("does not let the caller's environment change what it does", async () => {
    using folder = temporaryFolder();
    const { apply, directory } = arrangeRoot(folder, greeting, {
      env: {
        ...terraformOptions.env,
        TF_CLI_CONFIG_FILE: "/nowhere/terraformrc",
        TF_CLI_ARGS_plan: "-destroy",
        TF_WORKSPACE: "other",
        TF_DATA_DIR: join(folder.path, "elsewhere"),
      },
    });

    expect(await apply({ variables: { greeting: "hello" } })).toMatchObject({ counts: { add: 2 } });
    expect(readdirSync(directory)).toContain("terraform.tfstate");
  });
});

describe("TerraformCli, when it fails", () => {
  it("shows Terraform's diagnostics in full, with file and line", async () => {
    using folder = temporaryFolder();
    const { apply, planFile } = arrangeRoot(
      folder,
      `${greeting}\nresource "terraform_data" "bad" {\n  input = var.unknown\n}\n`,
    );

    const failure = await apply({ variables: { greeting: "hello" } }).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(ReleaseError);
    expect(failure).toMatchObject({
      kind: "failed",
      what: expect.stringMatching(/^terraform plan failed in .*\/root$/),
      why: [
        "Error: Reference to undeclared input variable",
        '  on main.tf line 36, in resource "terraform_data" "bad":',
        "    36:   input = var.unknown",
        'An input variable with the name "unknown" has not been declared. This variable can be declared with a variable "unknown" {} block.',
      ].join("\n"),
    });
    expect(existsSync(planFile)).toBe(false);
  });

  it("refuses a variable that is not declared", async () => {
    using folder = temporaryFolder();
    const { apply } = arrangeRoot(folder, greeting);

    await expect(apply({ variables: { greeting: "hello", greting: "typo" } })).rejects.toThrow(/undeclared variable/);
  });

  it("says what failed in the middle of an apply, and keeps the rest in the state", async () => {
    using folder = temporaryFolder();
    const { apply, planFile, directory } = arrangeRoot(
      folder,
      `resource "terraform_data" "works" {}
       resource "terraform_data" "fails" {
         depends_on = [terraform_data.works]
         provisioner "local-exec" {
           command = "echo no such luck >&2; exit 7"
         }
       }`,
    );

    await expect(apply()).rejects.toMatchObject({
      what: expect.stringContaining("terraform apply failed"),
      why: expect.stringMatching(/local-exec provisioner error[\s\S]*with terraform_data\.fails[\s\S]*exit status 7/),
    });
    expect(existsSync(planFile)).toBe(false);
    expect(readFileSync(join(directory, "terraform.tfstate"), "utf8")).toContain('"name": "works"');
  });

  it("says what init misses, and tries again the next time", async () => {
    using folder = temporaryFolder();
    using empty = temporaryFolder();
    const needsProvider = 'terraform {\n  required_providers {\n    x = { source = "example.com/acme/x" }\n  }\n}\n';
    const { apply, directory, write } = arrangeRoot(folder, needsProvider, { pluginDir: empty.path });

    await expect(apply()).rejects.toMatchObject({
      what: `terraform init failed in ${directory}`,
      why: expect.stringContaining("example.com/acme/x"),
    });
    write("main.tf", "");
    expect(await apply()).toMatchObject({ changed: false });
  });

  it("names the program that is not there", async () => {
    using folder = temporaryFolder();
    const { apply } = arrangeRoot(folder, greeting, { binary: "/nowhere/terraform" });

    await expect(apply()).rejects.toMatchObject({ kind: "usage", why: expect.stringContaining("/nowhere/terraform") });
  });
});
