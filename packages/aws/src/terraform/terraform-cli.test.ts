// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of HCL, which must stay text.

import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { applyInfrastructure, ReleaseError, Sensitive } from "@slipway/release-engine";
import { ManualClock, RecordingProgress, type TemporaryFolder, temporaryFolder } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { eventually } from "../test/eventually.ts";
import { findTerraform } from "../test/find-terraform.ts";
import { TerraformCli, type TerraformCliOptions } from "./terraform-cli.ts";

const binary = findTerraform();
const { PATH, HOME } = process.env;

/** Only what is built into Terraform: no provider, no network. */
const greeting = `
terraform {
  required_version = ">= 1.11"
}
variable "greeting" {
  type = string
}
variable "labels" {
  type    = map(string)
  default = {}
}
variable "password" {
  type      = string
  sensitive = true
  default   = "hush"
}
resource "terraform_data" "greeting" {
  input = var.greeting
}
resource "terraform_data" "replaced" {
  input            = var.password
  triggers_replace = [var.greeting]
}
output "greeting" {
  value = terraform_data.greeting.output
}
output "labels" {
  value = var.labels
}
output "password" {
  value     = var.password
  sensitive = true
}
`;

/** One root module in a folder, and what is done with it. */
function arrange(folder: TemporaryFolder, source: string, options: Partial<TerraformCliOptions> = {}) {
  const directory = join(folder.path, "root");
  mkdirSync(directory);
  writeFileSync(join(directory, "main.tf"), source);
  const planFile = join(folder.path, "plans/root.tfplan");
  const progress = new RecordingProgress();
  const terraform = new TerraformCli({ binary, env: { PATH, HOME }, ...options });
  const clock = new ManualClock();
  return {
    ...{ directory, planFile, progress, terraform },
    write: (name: string, text: string) => writeFileSync(join(directory, name), text),
    apply: (request: { variables?: Record<string, string | Record<string, string>>; signal?: AbortSignal } = {}) =>
      applyInfrastructure({ terraform, clock, progress }, { phase: "root", directory, planFile, ...request }),
  };
}

describe("TerraformCli", () => {
  it("applies what it planned, then finds nothing to do, then only what changed", async () => {
    using folder = temporaryFolder();
    const { apply, planFile, progress } = arrange(folder, greeting);

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
    const { apply, progress, write, directory } = arrange(folder, greeting);
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
    const { apply } = arrange(folder, greeting);
    const labels = { "a b": 'quo"te', template: "${var.password} %{ if true }", line: "1\n2", literal: "$${x}" };

    const { outputs } = await apply({ variables: { greeting: '"${hello}" = [1]\n', labels } });

    expect(outputs).toMatchObject({ greeting: '"${hello}" = [1]\n', labels });
  });

  it("shows sensitive outputs nowhere", async () => {
    using folder = temporaryFolder();
    const { apply, progress } = arrange(folder, greeting);

    const result = await apply({ variables: { greeting: "hello", password: "open sesame" } });

    expect(result.outputs.password).toBeInstanceOf(Sensitive);
    expect(JSON.stringify([result, progress.events])).not.toContain("open sesame");
    expect(JSON.stringify(result.outputs)).toContain('"password":"(sensitive value)"');
  });

  it("keeps the plan file from others while it is there", async () => {
    using folder = temporaryFolder();
    const { terraform, directory, planFile } = arrange(folder, greeting);
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
    const { apply, directory } = arrange(folder, greeting, {
      env: {
        ...{ PATH, HOME },
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
    const { apply, planFile } = arrange(
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
    const { apply } = arrange(folder, greeting);

    await expect(apply({ variables: { greeting: "hello", greting: "typo" } })).rejects.toThrow(/undeclared variable/);
  });

  it("says what failed in the middle of an apply, and keeps the rest in the state", async () => {
    using folder = temporaryFolder();
    const { apply, planFile, directory } = arrange(
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
    const { apply, directory, write } = arrange(folder, needsProvider, { pluginDir: empty.path });

    await expect(apply()).rejects.toMatchObject({
      what: `terraform init failed in ${directory}`,
      why: expect.stringContaining("example.com/acme/x"),
    });
    write("main.tf", "");
    expect(await apply()).toMatchObject({ changed: false });
  });

  it("names the program that is not there", async () => {
    using folder = temporaryFolder();
    const { apply } = arrange(folder, greeting, { binary: "/nowhere/terraform" });

    await expect(apply()).rejects.toMatchObject({ kind: "usage", why: expect.stringContaining("/nowhere/terraform") });
  });
});

describe("TerraformCli, after an apply that could not write its state", () => {
  /** Made by an apply, but not in the state: that lies beside it, as Terraform leaves it. */
  async function leaveErroredState({ apply, directory }: ReturnType<typeof arrange>) {
    await apply({ variables: { greeting: "hello" } });
    const state = readFileSync(join(directory, "terraform.tfstate"), "utf8");
    const { version, terraform_version, lineage, serial } = JSON.parse(state);
    const before = { version, terraform_version, lineage, serial: serial - 1, outputs: {}, resources: [] };
    writeFileSync(join(directory, "errored.tfstate"), state);
    writeFileSync(join(directory, "terraform.tfstate"), JSON.stringify(before));
  }

  it("plans nothing, and says how to put the state back", async () => {
    using folder = temporaryFolder();
    const arranged = arrange(folder, greeting);
    await leaveErroredState(arranged);

    await expect(arranged.apply({ variables: { greeting: "hello" } })).rejects.toMatchObject({
      kind: "busy",
      next: `cd ${arranged.directory} && terraform state push errored.tfstate && rm errored.tfstate`,
    });
  });

  it("puts the state back itself, if it may", async () => {
    using folder = temporaryFolder();
    const arranged = arrange(folder, greeting, { recoverState: true });
    await leaveErroredState(arranged);

    const result = await arranged.apply({ variables: { greeting: "hello" } });

    expect(result).toMatchObject({ changed: false, outputs: { greeting: "hello" } });
    expect(existsSync(join(arranged.directory, "errored.tfstate"))).toBe(false);
  });

  it("does not put back a state that the present one has overtaken", async () => {
    using folder = temporaryFolder();
    const arranged = arrange(folder, greeting, { recoverState: true });
    await arranged.apply({ variables: { greeting: "hello" } });
    const old = readFileSync(join(arranged.directory, "terraform.tfstate"), "utf8");
    await arranged.apply({ variables: { greeting: "bye" } });
    writeFileSync(join(arranged.directory, "errored.tfstate"), old);

    await expect(arranged.apply({ variables: { greeting: "bye" } })).rejects.toMatchObject({
      what: expect.stringContaining("terraform state push failed in"),
      why: expect.stringContaining("serial"),
    });
    expect(readFileSync(join(arranged.directory, "errored.tfstate"), "utf8")).toBe(old);
  });
});

describe("TerraformCli, when it is interrupted or locked out", () => {
  /** An apply that is under way until it is told to end. */
  const slow = (folder: TemporaryFolder) => `
resource "terraform_data" "first" {
  provisioner "local-exec" {
    command = "touch ${folder.path}/started; while [ ! -e ${folder.path}/go ]; do sleep 0.05; done"
  }
}
resource "terraform_data" "second" {
  depends_on = [terraform_data.first]
}
`;

  it("lets Terraform end what it began, write its state and unlock it", async () => {
    using folder = temporaryFolder();
    const abort = new AbortController();
    const { apply, directory, planFile } = arrange(folder, slow(folder));

    const run = apply({ signal: abort.signal });
    const failure = run.catch((error: unknown) => error);
    await eventually("the start of the apply", () => existsSync(join(folder.path, "started")));
    abort.abort();
    writeFileSync(join(folder.path, "go"), "");

    expect(await failure).toMatchObject({
      kind: "interrupted",
      what: expect.stringContaining("Stopped terraform apply"),
    });
    expect(existsSync(planFile)).toBe(false);
    const state = JSON.parse(readFileSync(join(directory, "terraform.tfstate"), "utf8"));
    expect(state.resources.map(({ name }: { name: string }) => name)).toEqual(["first"]);
    // Nothing is locked, and what was not reached is done now.
    expect(await apply()).toMatchObject({ changed: true });
  });

  it("says who holds the lock, and breaks it only if it is told that it may", async () => {
    using folder = temporaryFolder();
    const asked: string[] = [];
    const { apply, directory } = arrange(folder, slow(folder));
    const other = new TerraformCli({
      ...{ binary, env: { PATH, HOME }, lockTimeoutSeconds: 0 },
      breakLock(lock) {
        asked.push(lock.operation);
        return false;
      },
    });
    const run = apply();
    await eventually("the start of the apply", () => existsSync(join(folder.path, "started")));

    const workspace = await other.init({ directory, onLine: () => undefined });
    const planFile = join(folder.path, "other.tfplan");
    const locked = await workspace
      .plan({ planFile, variables: {}, onLine: () => undefined })
      .catch((error: unknown) => error);
    writeFileSync(join(folder.path, "go"), "");
    await run;

    expect(locked).toMatchObject({
      kind: "busy",
      what: expect.stringMatching(/^The Terraform state of .*\/root is locked by .*@/),
      why: expect.stringContaining("OperationTypeApply since "),
      next: expect.stringMatching(/terraform -chdir=.*\/root force-unlock [0-9a-f-]{36}$/),
    });
    expect(asked).toEqual(["OperationTypeApply"]);
  });
});
