import { spawn } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TemporaryFolder, temporaryFolder } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { eventually, patient } from "../test/eventually.ts";
import { arrangeRoot, greeting, namesInState, terraformOptions } from "../test/root-module.ts";
import { TerraformCli } from "./terraform-cli.ts";

/** The same root module in another checkout, with the same state. */
function linkState(directory: string): string {
  const other = join(directory, "../elsewhere");
  mkdirSync(other);
  copyFileSync(join(directory, "main.tf"), join(other, "main.tf"));
  const path = JSON.stringify(join(directory, "terraform.tfstate"));
  writeFileSync(join(other, "backend.tf"), `terraform {\n  backend "local" {\n    path = ${path}\n  }\n}\n`);
  return other;
}

describe("TerraformCli, after an apply that could not write its state", () => {
  /** Made by an apply, but not in the state: that lies beside it, as Terraform leaves it. */
  async function leaveErroredState({ apply, directory }: ReturnType<typeof arrangeRoot>) {
    await apply({ variables: { greeting: "hello" } });
    const state = readFileSync(join(directory, "terraform.tfstate"), "utf8");
    const { version, terraform_version, lineage, serial } = JSON.parse(state);
    const before = { version, terraform_version, lineage, serial: serial - 1, outputs: {}, resources: [] };
    writeFileSync(join(directory, "errored.tfstate"), state);
    writeFileSync(join(directory, "terraform.tfstate"), JSON.stringify(before));
  }

  it("plans nothing, and says how to put the state back", async () => {
    using folder = temporaryFolder();
    const arranged = arrangeRoot(folder, greeting);
    await leaveErroredState(arranged);

    await expect(arranged.apply({ variables: { greeting: "hello" } })).rejects.toMatchObject({
      kind: "busy",
      next: `cd ${arranged.directory} && terraform state push errored.tfstate && rm errored.tfstate`,
    });
  });

  it("puts the state back itself, if it may", async () => {
    using folder = temporaryFolder();
    const arranged = arrangeRoot(folder, greeting, { recoverState: true });
    await leaveErroredState(arranged);

    const result = await arranged.apply({ variables: { greeting: "hello" } });

    expect(result).toMatchObject({ changed: false, outputs: { greeting: "hello" } });
    expect(existsSync(join(arranged.directory, "errored.tfstate"))).toBe(false);
  });

  it("does not put back a state that the present one has overtaken", async () => {
    using folder = temporaryFolder();
    const arranged = arrangeRoot(folder, greeting, { recoverState: true });
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

describe("TerraformCli, when it is interrupted or locked out", patient, () => {
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

  it("finishes an apply that has begun, then stops", async () => {
    using folder = temporaryFolder();
    const abort = new AbortController();
    const { apply, directory, planFile, progress } = arrangeRoot(folder, slow(folder));

    const failure = apply({ signal: abort.signal }).catch((error: unknown) => error);
    await eventually("the start of the apply", () => existsSync(join(folder.path, "started")));
    abort.abort();
    writeFileSync(join(folder.path, "go"), "");

    expect(await failure).toMatchObject({ kind: "interrupted", what: "Stopped after root was applied" });
    expect(progress.lines).toContain("asked to stop: this apply is finished first");
    expect(existsSync(planFile)).toBe(false);
    expect(namesInState(directory)).toEqual(["first", "second"]);
    expect(await apply()).toMatchObject({ changed: false });
  });

  it("stops a plan at once", async () => {
    using folder = temporaryFolder();
    const abort = new AbortController();
    const { apply, directory } = arrangeRoot(folder, slow(folder));
    const running = apply();
    await eventually("the start of the apply", () => existsSync(join(folder.path, "started")));
    const workspace = await new TerraformCli({ ...terraformOptions, lockTimeoutSeconds: 600 }).init({
      // Another root module with the same state, so that its plan waits for the lock.
      directory: linkState(directory),
      onLine: () => undefined,
    });

    const planned = workspace
      .plan({ planFile: join(folder.path, "x"), variables: {}, onLine: () => undefined, signal: abort.signal })
      .catch((error: unknown) => error);
    setTimeout(() => abort.abort(), 300);

    expect(await planned).toMatchObject({
      kind: "interrupted",
      what: expect.stringMatching(/^Stopped terraform plan in/),
    });
    writeFileSync(join(folder.path, "go"), "");
    await running;
  });

  it("finishes an apply whose process was killed, and lets nobody overtake it", async () => {
    using folder = temporaryFolder();
    const { apply, directory, progress } = arrangeRoot(folder, slow(folder));
    const program = `
      import { TerraformCli } from ${JSON.stringify(join(import.meta.dirname, "terraform-cli.ts"))};
      const onLine = () => undefined;
      const terraform = new TerraformCli({ binary: ${JSON.stringify(terraformOptions.binary)}, env: process.env, whenAbandoned: "finish" });
      const workspace = await terraform.init({ directory: ${JSON.stringify(directory)}, onLine });
      const planFile = ${JSON.stringify(join(folder.path, "killed.tfplan"))};
      await workspace.plan({ planFile, variables: {}, onLine });
      await workspace.apply({ planFile, onLine });
    `;
    const victim = spawn(process.execPath, ["--input-type=module-typescript", "-e", program], { stdio: "ignore" });
    await eventually("the start of the apply", () => existsSync(join(folder.path, "started")));
    victim.kill("SIGKILL");

    const next = apply();
    await eventually("the wait", () => progress.lines.some((line) => line.startsWith("waiting for the Terraform")));
    writeFileSync(join(folder.path, "go"), "");

    expect(await next).toMatchObject({ changed: false });
    expect(namesInState(directory)).toEqual(["first", "second"]);
  });

  it("says who holds the lock, and breaks it only if it is told that it may", async () => {
    using folder = temporaryFolder();
    const asked: string[] = [];
    const { apply, directory } = arrangeRoot(folder, slow(folder));
    const other = new TerraformCli({
      ...terraformOptions,
      lockTimeoutSeconds: 0,
      breakLock(lock) {
        asked.push(lock.operation);
        return false;
      },
    });
    const run = apply();
    await eventually("the start of the apply", () => existsSync(join(folder.path, "started")));

    const workspace = await other.init({ directory: linkState(directory), onLine: () => undefined });
    const planFile = join(folder.path, "other.tfplan");
    const locked = await workspace
      .plan({ planFile, variables: {}, onLine: () => undefined })
      .catch((error: unknown) => error);
    writeFileSync(join(folder.path, "go"), "");
    await run;

    expect(locked).toMatchObject({
      kind: "busy",
      what: expect.stringMatching(/^The Terraform state of .*\/elsewhere is locked by .*@/),
      why: expect.stringContaining("OperationTypeApply since "),
      next: expect.stringMatching(/terraform -chdir=.*\/elsewhere force-unlock [0-9a-f-]{36}$/),
    });
    expect(asked).toEqual(["OperationTypeApply"]);
  });
});
