import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { LedgerEntry, PlanGround, PlanSummary } from "@slipway/contracts";
import type { ReleaseWorkspace, ShownPlan, StateVersion } from "../ports/release-terraform.ts";
import type { Redactor } from "../redaction/redactor.ts";
import type { StepContext } from "../release/step-handler.ts";
import { restoredVariables } from "../restore/restore-deps.ts";
import type { InfrastructureSteps } from "./infrastructure-deps.ts";
import { knownPolicy } from "./known-policy.ts";
import { summarisePlan } from "./summarise-plan.ts";

/** A plan that can be applied now. */
export interface ReadyPlan {
  readonly workspace: ReleaseWorkspace;
  readonly summary: PlanSummary;
  /** Absolute path; the file is not there where the plan changes nothing. */
  readonly planFile: string;
  /** Whether it was made just now: what was approved before was another one. */
  readonly isNew: boolean;
}

/**
 * The plan of a release: the one that the ledger has, as long as its file has the same bytes and the state has not moved, and otherwise a
 * new one. Each step asks for it anew, because between two of them a person may have taken days.
 *
 * @throws {ReleaseError} when it cannot be made
 */
export async function ensurePlan(deps: InfrastructureSteps, context: StepContext): Promise<ReadyPlan> {
  const { environment, release } = context.plan;
  const { init } = deps.target;
  const workspace = await deps.terraform.init({
    ...init,
    onLine: (text) => context.line(text),
    signal: context.signal,
  });
  const planFile = join(deps.target.planFolder, `${environment}-${release}.tfplan`);
  const entries = await deps.entries();
  const made = lastPlan(entries, release);
  if (made !== undefined) {
    const fault = await whyUnusable(deps, context, { workspace, planFile, summary: made });
    if (fault === undefined) {
      return { workspace, summary: made, planFile, isNew: false };
    }
    context.line(`the plan ${made.planDigest.slice(0, 12)} cannot be used any more: ${fault}`);
  }
  return { workspace, planFile, summary: await makePlan(deps, context, { workspace, planFile, entries }), isNew: true };
}

/** The plan that a release made last. */
export function lastPlan(entries: readonly LedgerEntry[], release: string): PlanSummary | undefined {
  for (let index = entries.length - 1; index >= 0; index--) {
    const entry = entries[index];
    if (entry?.release === release && entry.body.type === "plan.made") {
      return entry.body.summary;
    }
  }
  return undefined;
}

/** Why a plan must not be applied any more; undefined when it may. What it marks as sensitive is known to the redactor afterwards. */
export async function whyUnusable(
  deps: InfrastructureSteps,
  context: StepContext,
  plan: Pick<ReadyPlan, "workspace" | "planFile" | "summary">,
): Promise<string | undefined> {
  const { workspace, planFile, summary } = plan;
  const { commit, tree } = context.plan.source;
  if (summary.source.commit !== commit || summary.source.tree !== tree) {
    return `it was made from ${summary.source.commit ?? "no commit"}, and ${commit ?? "no commit"} is released`;
  }
  const now = await workspace.stateVersion({ signal: context.signal });
  if (!isSameState(summary, now)) {
    return `the state has the serial ${now.serial} now, and the plan was made on ${summary.stateSerial}`;
  }
  if (!summary.changed) {
    return undefined;
  }
  const digest = await digestOf(planFile);
  if (digest === undefined) {
    return "its file is not on this machine any more";
  }
  if (digest !== summary.planDigest) {
    return "its file has other bytes than those that were approved";
  }
  if (!deps.learned.has(digest)) {
    await learn(deps, context, { workspace, planFile });
  }
  return undefined;
}

/** Reads a plan, so that the redactor knows what it marks as sensitive, also in a process that did not make it. */
async function learn(
  { redactor, learned }: InfrastructureSteps,
  { signal }: StepContext,
  { workspace, planFile }: Pick<ReadyPlan, "workspace" | "planFile">,
): Promise<ShownPlan> {
  const shown = await workspace.show({ planFile, onSecret: (secret) => redactor.learn(secret), signal });
  learned.add(shown.digest);
  return shown;
}

async function digestOf(planFile: string): Promise<string | undefined> {
  try {
    return createHash("sha256")
      .update(await readFile(planFile))
      .digest("hex");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

export function isSameState(summary: PlanSummary, now: StateVersion): boolean {
  return summary.stateSerial === now.serial && summary.stateLineage === now.lineage;
}

async function makePlan(
  deps: InfrastructureSteps,
  context: StepContext,
  parts: { readonly workspace: ReleaseWorkspace; readonly planFile: string; readonly entries: readonly LedgerEntry[] },
): Promise<PlanSummary> {
  const { workspace, planFile, entries } = parts;
  const { environment, release, source } = context.plan;
  const { target, clock } = deps;
  const { signal } = context;
  const onLine = (text: string) => context.line(text);
  // Before Terraform is asked: where nobody knows the rules, nothing is planned.
  const inForce = await knownPolicy(deps, context);
  onLine(`approvals are counted by ${inForce.because}`);
  await mkdir(target.planFolder, { recursive: true, mode: 0o700 });
  await removePlans(target.planFolder, environment);
  try {
    // Which table is in use is for the rollback to say that has restored it: nobody has committed it yet.
    const variables = { ...target.variables, ...restoredVariables(context.plan) };
    const { changed, counts } = await workspace.plan({ planFile, variables, onLine, signal });
    const shown = await learn(deps, context, parts);
    const before = groundBefore(entries);
    const facts = { environment, release, source, now: clock.now(), changed, counts, target, before, inForce };
    const summary = summarisePlan(shown, facts);
    keepNames(deps.redactor, summary);
    await context.write({ type: "plan.made", summary });
    if (!changed) {
      // It has secrets, and nobody needs it.
      await rm(planFile, { force: true });
    }
    return summary;
  } catch (error) {
    await rm(planFile, { force: true });
    throw error;
  }
}

/**
 * Names of what would be destroyed with its data: Terraform shows them in clear, and who may destroy them types them. Something else may
 * have the same text in a sensitive value, such as a function in its variables.
 */
export function keepNames(redactor: Redactor, { resources }: Pick<PlanSummary, "resources">): void {
  for (const { destroys } of resources) {
    if (destroys?.name !== undefined) {
      redactor.keep(destroys.name);
    }
  }
}

/**
 * Removes the plan files of an environment's releases, which hold secrets: they are superseded by a new plan, and of no use once their
 * release has ended.
 */
export async function removePlans(folder: string, environment: string): Promise<void> {
  const isOfEnvironment = new RegExp(`^${environment}-r\\d+\\.tfplan$`);
  for (const name of await readdir(folder).catch(() => [])) {
    if (isOfEnvironment.test(name)) {
      await rm(join(folder, name), { force: true });
    }
  }
}

/** What the plan stood on that was applied last. */
export function groundBefore(entries: readonly LedgerEntry[]): PlanGround | undefined {
  let made: PlanSummary | undefined;
  const applied: PlanSummary[] = [];
  for (const { body } of entries) {
    if (body.type === "plan.made") {
      made = body.summary;
    } else if (
      made !== undefined &&
      body.type === "step.finished" &&
      body.kind === "infrastructure.apply" &&
      (body.outcome === "done" || body.outcome === "nothing-to-do")
    ) {
      applied.push(made);
    }
  }
  return applied.at(-1)?.ground;
}
