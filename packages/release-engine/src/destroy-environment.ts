import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type DestructionPolicy, judgeDestruction, type TableAtStake } from "@slipway/analysis";
import type { ChangeCounts, Evidence, Json } from "@slipway/contracts";
import { assertNotInterrupted } from "./assert-not-interrupted.ts";
import { stampOf } from "./backups/backup-names.ts";
import type { Clock } from "./ports/clock.ts";
import type { Progress } from "./ports/progress.ts";
import type { TableBackups, TableInspector } from "./ports/tables.ts";
import type { Terraform, TerraformInit, TerraformWorkspace } from "./ports/terraform.ts";
import type { StateResource, StateSource } from "./ports/terraform-states.ts";
import { runPhase } from "./run-phase.ts";

export interface DestroyEnvironmentPorts {
  terraform: Terraform;
  state: StateSource;
  tables: TableInspector;
  backups: TableBackups;
  clock: Clock;
  progress: Progress;
}

export interface DestroyEnvironmentOptions extends Omit<TerraformInit, "onLine"> {
  /** What phases are called by: `prod` makes `prod.checks`, `prod.destroy`, ... */
  phase: string;
  policy: DestructionPolicy;
  /** Absolute path of the plan file. It is made, and deleted again whatever happens. */
  planFile: string;
  variables: Readonly<Record<string, Json>>;
  /** Values that lift the protections, such as `deletion_protection = false`; they win over `variables`. */
  liftingVariables: Readonly<Record<string, Json>>;
  /** Whether to make a backup of each table first. */
  backup: boolean;
  /** Look, and change nothing. */
  checkOnly: boolean;
}

export interface DestructionResult {
  evidence: readonly Evidence[];
  /** Whether there is a state at all: where there is none, nobody knows what there is to destroy. */
  stateFound: boolean;
  /** Whether nothing stands in the way. */
  allowed: boolean;
  /** What would be, or was, destroyed: resources by type. */
  resources: Readonly<Record<string, number>>;
  backups: readonly { readonly table: string; readonly arn: string }[];
  /** Absent where nothing was destroyed. */
  destroyed?: ChangeCounts;
  /** Addresses that are still in the state after a destruction. */
  left: readonly string[];
}

/**
 * Destroys an environment: looks at what is at stake, demands what the policy demands, makes backups, lifts the protections in an
 * apply of its own (Terraform destroys by what its state says), destroys, and looks again.
 *
 * @throws {ReleaseError} when Terraform or AWS fails; a refusal is no error but a result
 */
export async function destroyEnvironment(
  ports: DestroyEnvironmentPorts,
  options: DestroyEnvironmentOptions,
): Promise<DestructionResult> {
  const { phase, policy, signal } = options;
  const state = await ports.state.read(signal);
  const resources = state?.resources ?? [];
  if (resources.length === 0) {
    const evidence = [nothingThere(ports, state !== undefined)];
    const stateFound = state !== undefined;
    return { evidence, stateFound, allowed: stateFound, resources: {}, backups: [], left: [] };
  }
  const tables = resources.filter(({ type }) => type === "aws_dynamodb_table").map(tableName);
  const backups: { table: string; arn: string }[] = [];
  const judge = () => look(ports, options, tables);
  let evidence = await judge();
  // A backup is only worth its price when it is the last thing that is missing.
  const missing = options.backup && !options.checkOnly ? missingBackups(evidence) : [];
  if (missing.length > 0) {
    for (const table of missing) {
      assertNotInterrupted(signal, `before ${table} was backed up`);
      backups.push({ table, arn: await backUp(ports, options, table) });
    }
    evidence = await judge();
  }
  const allowed = evidence.every(({ status }) => status === "pass" || status === "waived");
  const result = { evidence, stateFound: true, allowed, resources: countTypes(resources), backups };
  if (!allowed || options.checkOnly) {
    return { ...result, left: [] };
  }

  assertNotInterrupted(signal, `before ${policy.environment} was destroyed`);
  const { terraform } = ports;
  const { variables, liftingVariables, planFile, policy: _, backup, checkOnly, phase: __, ...init } = options;
  const { value: workspace } = await runPhase(
    ports,
    { phase: `${phase}.init`, title: `prepare ${phase}` },
    async (onLine) => ({ value: await terraform.init({ ...init, onLine }) }),
  );
  const lifted = { ...variables, ...liftingVariables };
  const work = { workspace, planFile, variables: lifted, signal };
  if (Object.keys(liftingVariables).length > 0) {
    await planAndApply(ports, work, { phase: `${phase}.unprotect`, title: `lift the protections of ${phase}` }, false);
    assertNotInterrupted(signal, `before ${policy.environment} was destroyed`);
  }
  const destroyed = await planAndApply(ports, work, { phase: `${phase}.destroy`, title: `destroy ${phase}` }, true);
  const left = (await ports.state.read())?.resources ?? [];
  return { ...result, destroyed, left: left.map(({ address }) => address) };
}

async function look(
  ports: DestroyEnvironmentPorts,
  { phase, policy, signal }: DestroyEnvironmentOptions,
  tables: readonly string[],
): Promise<readonly Evidence[]> {
  const { value } = await runPhase(ports, { phase: `${phase}.checks`, title: `look at ${phase}` }, async () => {
    const atStake: TableAtStake[] = await Promise.all(tables.map((table) => ports.tables.inspect(table, signal)));
    const evidence = judgeDestruction(atStake, policy, ports.clock.now());
    const bad = evidence.filter(({ status }) => status !== "pass" && status !== "waived").length;
    return {
      value: evidence,
      summary: bad === 0 ? "nothing stands in the way" : `${bad} of ${evidence.length} checks stand in the way`,
    };
  });
  return value;
}

function nothingThere({ state, clock }: DestroyEnvironmentPorts, stateFound: boolean): Evidence {
  const base = {
    check: "destroy.state-found",
    title: "It is known what there is to destroy",
    at: new Date(clock.now()).toISOString(),
  };
  return stateFound
    ? { ...base, status: "pass", found: `the state ${state.location} holds nothing` }
    : {
        ...base,
        status: "unknown",
        found: `there is no state ${state.location}: nothing was ever applied, or its state lies elsewhere`,
        next: "compare bootstrap.state and terraform.stateKey in slipway.config.ts with where the state was written",
      };
}

/** Tables without a fresh backup, where nothing else stands in the way: a backup of what is refused anyway has no use. */
function missingBackups(evidence: readonly Evidence[]): string[] {
  const bad = evidence.filter(({ status }) => status === "fail" || status === "unknown");
  return bad.every(({ check, status }) => check === "destroy.backup-fresh" && status === "fail")
    ? bad.flatMap(({ subject }) => subject ?? [])
    : [];
}

async function backUp(ports: DestroyEnvironmentPorts, options: DestroyEnvironmentOptions, table: string) {
  const stamp = stampOf(ports.clock.now());
  const { value } = await runPhase(ports, { phase: `${options.phase}.backup`, title: `back up ${table}` }, async () => {
    const arn = await ports.backups.create(table, `${table}-before-destroy-${stamp}`, options.signal);
    return { value: arn, summary: arn };
  });
  return value;
}

interface Work {
  workspace: TerraformWorkspace;
  planFile: string;
  variables: Readonly<Record<string, Json>>;
  signal?: AbortSignal;
}

/** Applies exactly what was planned; the plan file, which holds secrets in clear text, is gone afterwards. */
async function planAndApply(
  ports: DestroyEnvironmentPorts,
  { workspace, planFile, variables, signal }: Work,
  names: { phase: string; title: string },
  destroy: boolean,
): Promise<ChangeCounts> {
  await rm(planFile, { force: true });
  await mkdir(dirname(planFile), { recursive: true, mode: 0o700 });
  try {
    const { value } = await runPhase(ports, names, async (onLine) => {
      const plan = await workspace.plan({ planFile, variables, destroy, onLine, signal });
      if (!plan.changed) {
        return { value: plan.counts, summary: "nothing to do", outcome: "nothing-to-do" as const };
      }
      const { add, change, destroy: gone } = plan.counts;
      onLine(`${add} to add, ${change} to change, ${gone} to destroy`);
      assertNotInterrupted(signal, `before the plan of ${names.phase} was applied`);
      const counts = await workspace.apply({ planFile, onLine, signal });
      return { value: counts, summary: `${counts.change} changed, ${counts.destroy} destroyed` };
    });
    return value;
  } finally {
    await rm(planFile, { force: true });
  }
}

function tableName({ attributes, id, address }: StateResource): string {
  return typeof attributes.name === "string" ? attributes.name : (id ?? address);
}

function countTypes(resources: readonly StateResource[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { type } of resources) {
    counts[type] = (counts[type] ?? 0) + 1;
  }
  return Object.fromEntries(Object.entries(counts).sort(([left], [right]) => left.localeCompare(right)));
}
