import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { ChangeCounts, Json } from "@slipway/contracts";
import { assertNotInterrupted } from "./assert-not-interrupted.ts";
import { describeCounts } from "./infrastructure/describe-counts.ts";
import type { Clock } from "./ports/clock.ts";
import type { Progress } from "./ports/progress.ts";
import type { Terraform, TerraformInit, TerraformOutputs } from "./ports/terraform.ts";
import { runPhase } from "./run-phase.ts";

export interface ApplyInfrastructurePorts {
  terraform: Terraform;
  clock: Clock;
  progress: Progress;
}

export interface ApplyInfrastructureOptions extends Omit<TerraformInit, "onLine"> {
  /** What phases are called by: `bootstrap` makes `bootstrap.init`, `bootstrap.plan`, ... */
  phase: string;
  /** Absolute path of the plan file. It is made, and deleted again whatever happens. */
  planFile: string;
  variables?: Readonly<Record<string, Json>>;
}

export interface InfrastructureResult {
  /** What the plan said and the apply did; all 0 where nothing had to be done. */
  counts: ChangeCounts;
  changed: boolean;
  outputs: TerraformOutputs;
  /** Wall-clock time; `apply` is 0 where nothing had to be done. */
  durationsMs: { init: number; plan: number; apply: number; outputs: number; total: number };
}

/**
 * Brings one root module to what its configuration says: makes it ready, plans to a file, and applies exactly that file,
 * or nothing when the plan is empty.
 *
 * @throws {ReleaseError} with Terraform's own diagnostics
 */
export async function applyInfrastructure(
  ports: ApplyInfrastructurePorts,
  options: ApplyInfrastructureOptions,
): Promise<InfrastructureResult> {
  const { phase, planFile, variables = {}, signal, ...init } = options;
  const startedAt = ports.clock.now();

  const ready = await runPhase(ports, { phase: `${phase}.init`, title: `prepare ${phase}` }, async (onLine) => ({
    value: await ports.terraform.init({ ...init, onLine, signal }),
  }));
  const workspace = ready.value;

  // A plan file holds secrets in clear text: none may be left by a process that was killed, and none by this one.
  await rm(planFile, { force: true });
  await mkdir(dirname(planFile), { recursive: true, mode: 0o700 });
  try {
    assertNotInterrupted(signal, `before ${phase} was planned`);
    const planned = await runPhase(ports, { phase: `${phase}.plan`, title: `plan ${phase}` }, async (onLine) => {
      const value = await workspace.plan({ planFile, variables, onLine, signal });
      return value.changed
        ? { value, summary: describeCounts(value.counts) }
        : { value, summary: "no changes", outcome: "nothing-to-do" as const };
    });

    let applyMs = 0;
    if (planned.value.changed) {
      assertNotInterrupted(signal, `before the plan of ${phase} was applied`);
      const applied = await runPhase(ports, { phase: `${phase}.apply`, title: `apply ${phase}` }, async (onLine) => {
        const value = await workspace.apply({ planFile, onLine, signal });
        return { value, summary: `${value.add} added, ${value.change} changed, ${value.destroy} destroyed` };
      });
      applyMs = applied.durationMs;
    }

    assertNotInterrupted(signal, `after ${phase} was ${planned.value.changed ? "applied" : "planned"}`);
    const outputsStartedAt = ports.clock.now();
    const outputs = await workspace.outputs({ signal });
    const now = ports.clock.now();
    return {
      counts: planned.value.counts,
      changed: planned.value.changed,
      outputs,
      durationsMs: {
        init: ready.durationMs,
        plan: planned.durationMs,
        apply: applyMs,
        outputs: now - outputsStartedAt,
        total: now - startedAt,
      },
    };
  } finally {
    await rm(planFile, { force: true });
  }
}
