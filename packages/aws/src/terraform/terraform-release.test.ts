import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TerraformEvent } from "@slipway/release-engine";
import { type TemporaryFolder, temporaryFolder } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { eventually, patient } from "../test/eventually.ts";
import { arrangeRoot, greeting, terraformOptions } from "../test/root-module.ts";

const onLine = () => undefined;

async function planned(
  folder: TemporaryFolder,
  source = greeting,
  variables: Record<string, string> = { greeting: "hello" },
) {
  const arranged = arrangeRoot(folder, source);
  mkdirSync(join(folder.path, "plans"));
  const workspace = await arranged.terraform.init({ directory: arranged.directory, onLine });
  const { planFile } = arranged;
  const secrets: string[] = [];
  const plan = () => workspace.plan({ planFile, variables, onLine });
  const show = () => workspace.show({ planFile, onSecret: (secret) => secrets.push(secret) });
  await plan();
  return { ...arranged, workspace, plan, show, secrets };
}

describe("a plan file of the real Terraform", () => {
  it("is known by its bytes, and by the state that it was made on", async () => {
    using folder = temporaryFolder();
    const { workspace, plan, show, planFile, directory } = await planned(folder);

    const first = await show();
    expect(first.digest).toBe(createHash("sha256").update(readFileSync(planFile)).digest("hex"));
    expect(first.state).toEqual({ serial: 0, lineage: "" });
    expect(await workspace.stateVersion({})).toEqual(first.state);

    await workspace.apply({ planFile, onLine });
    const { serial, lineage } = JSON.parse(readFileSync(join(directory, "terraform.tfstate"), "utf8"));
    expect(await workspace.stateVersion({})).toEqual({ serial, lineage });
    await plan();
    const second = await show();
    expect(second.state).toEqual({ serial, lineage });
    expect(second.reading.resources).toEqual([]);
    expect(second.ground).toEqual({
      terraform: expect.stringMatching(/^1\.\d+\.\d+$/),
      providers: [],
      providerBlocks: [{ name: "terraform", arguments: {} }],
      backend: { type: "local", settings: {} },
    });
  });

  it("takes values from files, of which the later wins, and those that are given over both", async () => {
    using folder = temporaryFolder();
    const { terraform, directory, planFile } = arrangeRoot(folder, greeting);
    mkdirSync(join(folder.path, "plans"));
    const file = (name: string, text: string) => {
      const path = join(folder.path, name);
      writeFileSync(path, text);
      return path;
    };
    const variableFiles = [
      file("all.tfvars", 'greeting = "of all"\nlabels = { from = "all" }\n'),
      file("prod.tfvars.json", '{"greeting": "of prod"}'),
    ];
    const outputs = async (variables: Record<string, string>) => {
      const workspace = await terraform.init({ directory, variableFiles, onLine });
      await workspace.plan({ planFile, variables, onLine });
      await workspace.apply({ planFile, onLine });
      return workspace.outputs({});
    };

    expect(await outputs({})).toMatchObject({ greeting: "of prod", labels: { from: "all" } });
    expect(await outputs({ greeting: "given" })).toMatchObject({ greeting: "given", labels: { from: "all" } });
  });

  it("names what changes, and hands out what is sensitive", async () => {
    using folder = temporaryFolder();
    const { workspace, show, secrets, planFile, terraform, directory } = await planned(folder);
    await workspace.apply({ planFile, onLine });
    const again = await terraform.init({ directory, onLine });
    await again.plan({ planFile, variables: { greeting: "bye", password: "open sesame" }, onLine });

    const { reading } = await show();
    expect(reading.resources).toEqual([
      {
        ...{
          address: "terraform_data.greeting",
          type: "terraform_data",
          action: "change",
          because: [],
          isReversible: true,
        },
        attributes: ["input", "output"],
      },
      {
        ...{ address: "terraform_data.replaced", type: "terraform_data", action: "replace" },
        ...{
          because: ["triggers_replace"],
          attributes: ["input", "triggers_replace", "id", "output"],
          isReversible: true,
        },
      },
    ]);
    expect(reading.outputs).toEqual(["greeting", "password"]);
    expect(new Set(secrets)).toEqual(new Set(["hush", "open sesame"]));
    expect(reading.isSensitive("terraform_data.replaced", "input")).toBe(true);
    expect(JSON.stringify(reading.resources)).not.toContain("sesame");
  });

  it("is refused by Terraform once the state has moved, and we know that before", async () => {
    using folder = temporaryFolder();
    const { workspace, show, planFile, directory } = await planned(folder);
    const other = join(folder.path, "other.tfplan");
    await workspace.plan({ planFile: other, variables: { greeting: "other" }, onLine });
    await workspace.apply({ planFile: other, onLine });

    const { state } = await show();
    expect(await workspace.stateVersion({})).not.toEqual(state);
    await expect(workspace.apply({ planFile, onLine })).rejects.toMatchObject({
      what: `terraform apply failed in ${directory}`,
      why: expect.stringContaining("Saved plan is stale"),
    });
  });

  it("that is none is refused, and named", async () => {
    using folder = temporaryFolder();
    const { show, planFile } = await planned(folder);
    writeFileSync(planFile, "no zip");

    await expect(show()).rejects.toMatchObject({ kind: "failed", what: `The plan file ${planFile} cannot be read` });
  });

  it("reports its apply as events without values", async () => {
    using folder = temporaryFolder();
    const { workspace, planFile } = await planned(folder);
    const events: TerraformEvent[] = [];

    await workspace.apply({ planFile, onLine, onEvent: (event) => events.push(event) });

    expect(events.filter(({ address }) => address === "terraform_data.greeting")).toEqual([
      { type: "apply_start", at: expect.any(String), address: "terraform_data.greeting", action: "create" },
      {
        type: "apply_complete",
        at: expect.any(String),
        address: "terraform_data.greeting",
        action: "create",
        seconds: 0,
      },
    ]);
    expect(events.at(-1)).toMatchObject({ type: "change_summary", counts: { add: 2, change: 0, destroy: 0 } });
    expect(JSON.stringify(events)).not.toMatch(/hush|hello/);
  });

  it("reports what went wrong, without the code that it quotes", async () => {
    using folder = temporaryFolder();
    const { workspace, planFile } = await planned(
      folder,
      `resource "terraform_data" "fails" {
         provisioner "local-exec" {
           command = "exit 7 # not for everybody"
         }
       }`,
      {},
    );
    const events: TerraformEvent[] = [];

    await expect(workspace.apply({ planFile, onLine, onEvent: (event) => events.push(event) })).rejects.toMatchObject({
      kind: "failed",
    });
    expect(events.map(({ type }) => type)).toEqual(["apply_start", "apply_errored", "diagnostic"]);
    expect(events.at(-1)).toMatchObject({ severity: "error", address: "terraform_data.fails" });
  });
});

it("an apply whose process was killed moves the serial, so that its plan is known to be used", patient, async () => {
  using folder = temporaryFolder();
  const { workspace, show, planFile, directory } = await planned(
    folder,
    `resource "terraform_data" "first" {
       provisioner "local-exec" {
         command = "touch ${folder.path}/started; while [ ! -e ${folder.path}/go ]; do sleep 0.05; done"
       }
     }
     resource "terraform_data" "second" {
       depends_on = [terraform_data.first]
     }`,
    {},
  );
  const program = `
    import { TerraformCli } from ${JSON.stringify(join(import.meta.dirname, "terraform-cli.ts"))};
    const onLine = () => undefined;
    const terraform = new TerraformCli({ binary: ${JSON.stringify(terraformOptions.binary)}, env: process.env, whenAbandoned: "finish" });
    const workspace = await terraform.init({ directory: ${JSON.stringify(directory)}, onLine });
    await workspace.apply({ planFile: ${JSON.stringify(planFile)}, onLine });
  `;
  const victim = spawn(process.execPath, ["--input-type=module-typescript", "-e", program], { stdio: "ignore" });
  await eventually("the start of the apply", () => existsSync(join(folder.path, "started")));
  const { state } = await show();
  victim.kill("SIGKILL");
  writeFileSync(join(folder.path, "go"), "");
  await eventually("the end of the apply", () =>
    (existsSync(join(directory, "terraform.tfstate"))
      ? readFileSync(join(directory, "terraform.tfstate"), "utf8")
      : ""
    ).includes('"second"'),
  );

  expect((await workspace.stateVersion({})).serial).toBeGreaterThan(state.serial);
});
