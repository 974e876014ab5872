import { existsSync } from "node:fs";
import { chmod, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { JsonPicker, PlanReader, type PlanReading } from "@slipway/analysis";
import type { ChangeCounts, Json } from "@slipway/contracts";
import {
  assertNotInterrupted,
  ReleaseError,
  type ReleaseTerraform,
  type ReleaseWorkspace,
  Sensitive,
  type ShownPlan,
  type StateLock,
  type StateVersion,
  type TerraformApplyRequest,
  type TerraformInit,
  type TerraformOutputs,
  type TerraformPlan,
  type TerraformPlanRequest,
} from "@slipway/release-engine";
import { runProcess } from "../process/run-process.ts";
import { InitStamp } from "./init-stamp.ts";
import { isOfDeadRun } from "./is-of-dead-run.ts";
import { readPlanFile, unreadablePlan } from "./plan-file.ts";
import { readGround } from "./plan-ground.ts";
import { type EarlierRun, RunRecord } from "./run-record.ts";
import {
  lockFailure,
  runTerraform,
  type TerraformCommand,
  type TerraformRun,
  terraformFailure,
} from "./run-terraform.ts";
import { findStateLock } from "./state-lock.ts";
import { terraformEnvironment } from "./terraform-environment.ts";

export interface TerraformCliOptions {
  /** Path of the `terraform` program. */
  binary: string;
  /** Credentials, region, and `AWS_ENDPOINT_URL` where it is not AWS. */
  env: NodeJS.ProcessEnv;
  /**
   * Further variables, asked for before every command: the credentials of who reads (init, plan, outputs) or of who changes (apply,
   * and whatever writes state). They are not in `env` because they expire.
   */
  credentials?(purpose: TerraformPurpose): Promise<NodeJS.ProcessEnv>;
  /** Whether a plan takes the state's lock. Who may only read cannot; a plan that was overtaken is refused by the apply anyway. */
  lockForPlan?: boolean;
  /** A folder with providers (`-plugin-dir`); without it Terraform's own configuration says where they come from. */
  pluginDir?: string;
  /** Where downloaded providers are kept for all folders. */
  pluginCacheDir?: string;
  /** How long to wait for somebody else's lock. */
  lockTimeoutSeconds?: number;
  /** How many operations at once; Terraform's own default is 10. */
  parallelism?: number;
  /**
   * Decides whether a lock belongs to nobody any more and may be broken. Only for who knows, as a rehearsal does that is
   * alone with its local AWS. Without it a lock is broken only where it is this folder's own run's that was killed: see `isOfDeadRun`.
   */
  breakLock?(lock: StateLock): boolean;
  /** What tells this boot of this machine, and this space of process ids, from all others; without it no run is known to be dead. */
  machine?: string;
  /**
   * Whether to put back the state of an apply that could not write it, and left it in `errored.tfstate`. Terraform refuses
   * it where the state went on meanwhile. Without it a person has to: there is nothing that could be planned before.
   */
  recoverState?: boolean;
  /**
   * What becomes of Terraform when this process is killed: `interrupt` (unless said otherwise) stops it as Ctrl-C would,
   * `finish` lets an apply come to its end, with a complete state.
   */
  whenAbandoned?: "interrupt" | "finish";
}

/** What a Terraform command is run for. */
export type TerraformPurpose = "read" | "change";

/** Where Terraform puts a state that it could not write. */
const erroredState = "errored.tfstate";

const noChanges: ChangeCounts = { add: 0, change: 0, destroy: 0 };

/** Terraform by its command line, with its machine-readable output. */
export class TerraformCli implements ReleaseTerraform {
  readonly #options: TerraformCliOptions;
  readonly #env: NodeJS.ProcessEnv;

  constructor(options: TerraformCliOptions) {
    this.#options = options;
    this.#env = terraformEnvironment(options.env, options.pluginCacheDir);
  }

  async init(request: TerraformInit): Promise<ReleaseWorkspace> {
    const { directory, backendConfig = {}, backendConfigFiles = [], reconfigure = false, onLine, signal } = request;
    const { variableFiles = [] } = request;
    assertNotInterrupted(signal, `before ${directory} was prepared`);
    await new RunRecord(directory).waitForEarlier(onLine, signal);
    const { binary, pluginDir } = this.#options;
    const args = [
      ...["init", "-json", "-input=false"],
      ...(reconfigure ? ["-reconfigure"] : []),
      ...(pluginDir === undefined ? [] : [`-plugin-dir=${pluginDir}`]),
      ...backendConfigFiles.map((file) => `-backend-config=${file}`),
      ...Object.entries(backendConfig).map(([name, value]) => `-backend-config=${name}=${value}`),
    ];
    const files = await Promise.all(backendConfigFiles.map((file) => readFile(file, "utf8")));
    const stamp = new InitStamp(directory, [binary, ...args, ...files]);
    if (await stamp.isFresh()) {
      onLine("nothing changed since the last init");
    } else {
      await stamp.forget();
      const env = await environmentFor(this.#options, this.#env, "read");
      const command = { binary, env, directory, args, onLine, signal };
      const run = await runTerraform(command);
      if (run.code !== 0) {
        throw terraformFailure(command, run);
      }
      await stamp.write();
    }
    const workspace = new TerraformCliWorkspace(this.#options, this.#env, { directory, variableFiles }, stamp);
    await workspace.recoverState({ onLine, signal });
    return workspace;
  }
}

class TerraformCliWorkspace implements ReleaseWorkspace {
  readonly #options: TerraformCliOptions;
  readonly #env: NodeJS.ProcessEnv;
  readonly #directory: string;
  readonly #variableFiles: readonly string[];
  readonly #stamp: InitStamp;

  constructor(
    options: TerraformCliOptions,
    env: NodeJS.ProcessEnv,
    { directory, variableFiles }: Required<Pick<TerraformInit, "directory" | "variableFiles">>,
    stamp: InitStamp,
  ) {
    this.#options = options;
    this.#env = env;
    this.#directory = directory;
    this.#variableFiles = variableFiles;
    this.#stamp = stamp;
  }

  async plan({ planFile, variables, destroy, onLine, signal }: TerraformPlanRequest): Promise<TerraformPlan> {
    // Terraform writes into a file that is there and leaves its mode: from its first byte it is nobody else's.
    await writeFile(planFile, "", { mode: 0o600 });
    await chmod(planFile, 0o600);
    const args = [
      ...["plan", "-json", "-input=false", "-detailed-exitcode", `-out=${planFile}`],
      ...(destroy === true ? ["-destroy"] : []),
      ...(this.#options.lockForPlan === false ? ["-lock=false"] : [this.#lockTimeout()]),
      ...this.#parallelism(),
      ...this.#values(variables),
    ];
    const { code, counts } = await this.#runLocked("read", { args, onLine, signal }, [0, 2]);
    return { changed: code === 2, counts: counts ?? noChanges };
  }

  async show({ planFile, onSecret, signal }: ShowRequest): Promise<ShownPlan> {
    // Both before and after Terraform reads it: what is shown is what these bytes say.
    const file = await readPlanFile(planFile);
    const reader = new PlanReader(onSecret);
    const command = await this.#command("read", { args: ["show", "-json", "-no-color", planFile], signal });
    const run = await runProcess({
      ...{ ...command, command: command.binary, cwd: command.directory },
      onStdoutChunk: (chunk) => reader.write(chunk),
    }).catch((cause: unknown) => {
      throw unreadablePlan(planFile, cause);
    });
    if (run.code !== 0) {
      throw terraformFailure(command, { ...run, diagnostics: [], text: "" });
    }
    const reading = read(planFile, reader);
    if ((await readPlanFile(planFile)).digest !== file.digest) {
      throw unreadablePlan(planFile, new Error("it was written to while it was read"));
    }
    const ground = await readGround(this.#directory, file.lockFile, reading, onSecret);
    return { digest: file.digest, state: file.state, ground, reading };
  }

  /** @see https://developer.hashicorp.com/terraform/cli/commands/state/pull */
  async stateVersion({ signal }: { signal?: AbortSignal }): Promise<StateVersion> {
    const command = await this.#command("read", { args: ["state", "pull", "-no-color"], signal });
    const picked: { serial?: number; lineage?: string } = {};
    const picker = new JsonPicker([
      { path: ["serial"], take: (json) => Object.assign(picked, { serial: JSON.parse(json) }) },
      { path: ["lineage"], take: (json) => Object.assign(picked, { lineage: JSON.parse(json) }) },
    ]);
    let bytes = 0;
    const run = await runProcess({
      ...{ ...command, command: command.binary, cwd: command.directory },
      onStdoutChunk(chunk) {
        bytes += chunk.length;
        picker.write(chunk);
      },
    });
    if (run.code !== 0) {
      throw terraformFailure(command, { ...run, diagnostics: [], text: "" });
    }
    if (bytes === 0) {
      return { serial: 0, lineage: "" };
    }
    picker.end();
    const { serial, lineage } = picked;
    if (serial === undefined || lineage === undefined) {
      throw new Error("terraform state pull printed a state without serial and lineage");
    }
    return { serial, lineage };
  }

  async apply({ planFile, onLine, onEvent, signal }: TerraformApplyRequest): Promise<ChangeCounts> {
    const args = ["apply", "-json", "-input=false", this.#lockTimeout(), ...this.#parallelism(), planFile];
    assertNotInterrupted(signal, `before the plan of ${this.#directory} was applied`);
    // No signal for the child: an interrupt would cancel calls that AWS may have done already, and what they made would be
    // in no state. Tried with the AWS provider: the next apply then fails on resources that "already exist".
    const explain = () => onLine("asked to stop: this apply is finished first");
    signal?.addEventListener("abort", explain, { once: true });
    try {
      const { counts } = await this.#runLocked("change", { args, onLine, onEvent }, [0]);
      return counts ?? noChanges;
    } finally {
      signal?.removeEventListener("abort", explain);
    }
  }

  async forget({ address, onLine }: Parameters<ReleaseWorkspace["forget"]>[0]): Promise<void> {
    const args = ["state", "rm", "-no-color", this.#lockTimeout(), address];
    await this.#runLocked("change", { args, onLine }, [0]);
  }

  async import({ address, id, variables, onLine }: Parameters<ReleaseWorkspace["import"]>[0]): Promise<void> {
    const args = [
      ...["import", "-no-color", "-input=false", this.#lockTimeout()],
      ...this.#values(variables),
      ...[address, id],
    ];
    await this.#runLocked("change", { args, onLine }, [0]);
  }

  async outputs({ signal }: { signal?: AbortSignal }): Promise<TerraformOutputs> {
    const command = await this.#command("read", { args: ["output", "-json", "-no-color"], signal });
    // Not a stream of messages: one document.
    const run = await runProcess({ ...command, command: command.binary, cwd: command.directory });
    if (run.code !== 0) {
      throw terraformFailure(command, { ...run, diagnostics: [], text: run.stdout });
    }
    const outputs: Record<string, { sensitive: boolean; value: Json }> = JSON.parse(run.stdout);
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { sensitive, value }]) => [name, sensitive ? new Sensitive(value) : value]),
    );
  }

  /**
   * Puts back the state of an apply that could not write it.
   *
   * @see https://developer.hashicorp.com/terraform/cli/commands/state/push
   */
  async recoverState({ onLine, signal }: Pick<TerraformCommand, "onLine" | "signal">): Promise<void> {
    const file = join(this.#directory, erroredState);
    if (!existsSync(file)) {
      return;
    }
    if (!this.#options.recoverState) {
      throw new ReleaseError({
        kind: "busy",
        what: `An earlier apply in ${this.#directory} could not write its state`,
        why: `it left it in ${erroredState}; without it Terraform would make again what is there`,
        next: `cd ${this.#directory} && terraform state push ${erroredState} && rm ${erroredState}`,
      });
    }
    const args = ["state", "push", "-no-color", this.#lockTimeout(), erroredState];
    await this.#runLocked("change", { args, onLine, signal }, [0]);
    await rm(file);
    onLine?.(`put back the state that an earlier apply could not write (${erroredState})`);
  }

  /** Runs a command that needs the state's lock; a lock that belongs to nobody any more is broken, once. */
  async #runLocked(
    purpose: TerraformPurpose,
    parts: Pick<TerraformCommand, "args" | "onLine" | "onEvent" | "signal">,
    expectedCodes: readonly number[],
  ): Promise<TerraformRun> {
    const record = new RunRecord(this.#directory, this.#options.machine);
    // Before this run takes its place.
    const earlier = record.read();
    const { whenAbandoned } = this.#options;
    const base = await this.#command(purpose, parts);
    const command = { ...base, whenAbandoned, onStart: (pid: number) => record.write(pid) };
    try {
      return await this.#runOrUnlock(command, expectedCodes, earlier);
    } finally {
      record.clear();
    }
  }

  async breakAbandonedLock({ lock, onLine, signal }: BreakLockRequest): Promise<void> {
    const earlier = new RunRecord(this.#directory, this.#options.machine).read();
    if (!(await this.#isAbandoned(lock, earlier))) {
      throw lockFailure(lock, this.#directory);
    }
    await this.#breakLock({ lock, onLine, signal });
  }

  async #isAbandoned(lock: StateLock, earlier: EarlierRun | undefined): Promise<boolean> {
    const { breakLock, machine, lockTimeoutSeconds } = this.#options;
    return breakLock?.(lock) ?? (await isOfDeadRun(lock, earlier, { machine, lockTimeoutSeconds }));
  }

  async #breakLock({ lock, onLine, signal }: BreakLockRequest): Promise<void> {
    onLine?.(`breaking the lock ${lock.id}, left behind by ${lock.who} (${lock.operation}, ${lock.created})`);
    const unlock = await this.#command("change", { args: ["force-unlock", "-force", lock.id], signal });
    const unlocked = await runTerraform(unlock);
    if (unlocked.code !== 0) {
      throw terraformFailure(unlock, unlocked);
    }
  }

  async #runOrUnlock(
    command: TerraformCommand,
    expectedCodes: readonly number[],
    earlier: EarlierRun | undefined,
  ): Promise<TerraformRun> {
    let run = await runTerraform(command);
    const lock = run.code === 0 ? undefined : findStateLock(run);
    if (lock !== undefined && !command.signal?.aborted && (await this.#isAbandoned(lock, earlier))) {
      await this.#breakLock({ ...command, lock });
      run = await runTerraform(command);
    }
    if (!expectedCodes.includes(run.code)) {
      // Whatever it was, the next attempt starts from the beginning: a half-installed provider is one of the reasons.
      await this.#stamp.forget();
      throw terraformFailure(command, run);
    }
    return run;
  }

  async #command(
    purpose: TerraformPurpose,
    parts: Pick<TerraformCommand, "args" | "onLine" | "onEvent" | "signal">,
  ): Promise<TerraformCommand> {
    const env = await environmentFor(this.#options, this.#env, purpose);
    return { binary: this.#options.binary, env, directory: this.#directory, ...parts };
  }

  #parallelism(): string[] {
    const { parallelism } = this.#options;
    return parallelism === undefined ? [] : [`-parallelism=${parallelism}`];
  }

  /** Later ones win over earlier ones. */
  #values(variables: TerraformPlanRequest["variables"]): string[] {
    return [
      ...this.#variableFiles.map((file) => `-var-file=${file}`),
      ...Object.entries(variables).map(([name, value]) => `-var=${name}=${toArgument(value)}`),
    ];
  }

  #lockTimeout(): string {
    return `-lock-timeout=${this.#options.lockTimeoutSeconds ?? 60}s`;
  }
}

async function environmentFor(
  { credentials }: TerraformCliOptions,
  env: NodeJS.ProcessEnv,
  purpose: TerraformPurpose,
): Promise<NodeJS.ProcessEnv> {
  return credentials === undefined ? env : { ...env, ...(await credentials(purpose)) };
}

type BreakLockRequest = Parameters<ReleaseWorkspace["breakAbandonedLock"]>[0];
type ShowRequest = Parameters<ReleaseWorkspace["show"]>[0];

function read(planFile: string, reader: PlanReader): PlanReading {
  try {
    return reader.end();
  } catch (cause) {
    throw unreadablePlan(planFile, cause);
  }
}

/**
 * A value as `-var` reads it: a text as it is, everything else as an expression. In an expression's texts, the signs that
 * would begin a template are written as escapes.
 *
 * @see https://developer.hashicorp.com/terraform/language/values/variables#variables-on-the-command-line
 */
function toArgument(value: Json): string {
  return typeof value === "string"
    ? value
    : JSON.stringify(value).replace(/[$%](?=\{)/g, (sign) => (sign === "$" ? "\\u0024" : "\\u0025"));
}
