import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ManualClock, RecordingProgress, type TemporaryFolder, temporaryFolder } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { applyInfrastructure } from "./apply-infrastructure.ts";
import type { Terraform, TerraformPlan, TerraformWorkspace } from "./ports/terraform.ts";
import { ReleaseError } from "./release-error.ts";
import { Sensitive } from "./sensitive.ts";

const nothing = { changed: false, counts: { add: 0, change: 0, destroy: 0 } };
const something = { changed: true, counts: { add: 2, change: 1, destroy: 0 } };

/** A Terraform whose plan file says what was planned, and that applies only such a file. */
function arrange(folder: TemporaryFolder, planned: TerraformPlan, spoil: Partial<TerraformWorkspace> = {}) {
  const clock = new ManualClock();
  const progress = new RecordingProgress();
  const calls: string[] = [];
  const workspace: TerraformWorkspace = {
    async plan({ planFile, variables, onLine }) {
      calls.push(`plan ${JSON.stringify(variables)}`);
      clock.advance(20);
      onLine("aws_x.y: Plan to create");
      writeFileSync(planFile, JSON.stringify(planned), { flag: "wx" });
      return planned;
    },
    async apply({ planFile }) {
      calls.push(`apply ${readFileSync(planFile, "utf8")}`);
      clock.advance(300);
      return planned.counts;
    },
    async outputs() {
      calls.push("outputs");
      clock.advance(4);
      return { url: "https://x", key: new Sensitive("hush") };
    },
    ...spoil,
  };
  const terraform: Terraform = {
    async init({ directory, backendConfig }) {
      calls.push(`init ${directory} ${JSON.stringify(backendConfig)}`);
      clock.advance(1);
      return workspace;
    },
  };
  const planFile = join(folder.path, "plans/prod.tfplan");
  const options = { phase: "prod", directory: "/tf", planFile, variables: { a: 1 }, backendConfig: { bucket: "b" } };
  return { ports: { terraform, clock, progress }, options, calls, planFile };
}

describe("applyInfrastructure", () => {
  it("applies the plan file that it planned, and reports each phase with its time", async () => {
    using folder = temporaryFolder();
    const { ports, options, calls, planFile } = arrange(folder, something);

    const result = await applyInfrastructure(ports, options);

    expect(calls).toEqual(['init /tf {"bucket":"b"}', 'plan {"a":1}', `apply ${JSON.stringify(something)}`, "outputs"]);
    expect(result).toMatchObject({
      ...something,
      outputs: { url: "https://x" },
      durationsMs: { init: 1, plan: 20, apply: 300, outputs: 4, total: 325 },
    });
    expect(ports.progress.ended).toEqual([
      "prod.init: done ()",
      "prod.plan: done (2 to add, 1 to change, 0 to destroy)",
      "prod.apply: done (2 added, 1 changed, 0 destroyed)",
    ]);
    expect(ports.progress.lines).toEqual(["aws_x.y: Plan to create"]);
    expect(existsSync(planFile)).toBe(false);
  });

  it("applies nothing when nothing changed", async () => {
    using folder = temporaryFolder();
    const { ports, options, calls, planFile } = arrange(folder, nothing);

    const result = await applyInfrastructure(ports, options);

    expect(calls).not.toContainEqual(expect.stringMatching(/^apply/));
    expect(result).toMatchObject({ changed: false, durationsMs: { apply: 0 } });
    expect(ports.progress.ended.at(-1)).toBe("prod.plan: nothing-to-do (no changes)");
    expect(existsSync(planFile)).toBe(false);
  });

  it("applies a plan that changes outputs only", async () => {
    using folder = temporaryFolder();
    const { ports, options, calls } = arrange(folder, { ...nothing, changed: true });

    await applyInfrastructure(ports, options);

    expect(calls).toContainEqual(expect.stringMatching(/^apply/));
    expect(ports.progress.ended).toContain("prod.plan: done (only outputs change)");
  });

  it("shows sensitive outputs to nobody by accident", async () => {
    using folder = temporaryFolder();
    const { ports, options } = arrange(folder, nothing);

    const { outputs } = await applyInfrastructure(ports, options);

    expect(JSON.stringify(outputs)).toBe('{"url":"https://x","key":"(sensitive value)"}');
    expect(outputs.key instanceof Sensitive && outputs.key.reveal()).toBe("hush");
  });

  it("deletes the plan file when the apply fails, and one that was left behind before", async () => {
    using folder = temporaryFolder();
    const boom = new ReleaseError({ kind: "failed", what: "terraform apply failed", why: "no quota", next: "ask" });
    const { ports, options, planFile } = arrange(folder, something, { apply: () => Promise.reject(boom) });

    await expect(applyInfrastructure(ports, options)).rejects.toBe(boom);
    expect(existsSync(planFile)).toBe(false);
    expect(ports.progress.ended.at(-1)).toBe("prod.apply: failed (terraform apply failed)");

    // The fake's plan writes a new file only: it would fail on the one that is there.
    writeFileSync(planFile, "left behind by a process that was killed");
    await expect(applyInfrastructure(ports, options)).rejects.toBe(boom);
  });

  it("does not apply once it was asked to stop", async () => {
    using folder = temporaryFolder();
    const abort = new AbortController();
    const { ports, options, calls, planFile } = arrange(folder, something);
    const { terraform } = ports;
    const stopping: Terraform = {
      async init(request) {
        const workspace = await terraform.init(request);
        return {
          ...workspace,
          async plan(plan) {
            const planned = await workspace.plan(plan);
            abort.abort();
            return planned;
          },
        };
      },
    };

    const run = applyInfrastructure({ ...ports, terraform: stopping }, { ...options, signal: abort.signal });

    await expect(run).rejects.toMatchObject({
      kind: "interrupted",
      what: "Stopped before the plan of prod was applied",
    });
    expect(calls).not.toContainEqual(expect.stringMatching(/^apply/));
    expect(existsSync(planFile)).toBe(false);
  });
});
