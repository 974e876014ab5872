import { join } from "node:path";
import type { ApprovalConfig, LedgerBody, LedgerEntry, SourceRevision, StepKind } from "@slipway/contracts";
import { ManualClock, type TemporaryFolder } from "@slipway/testing";
import { redactBody } from "../../ledger/redact-body.ts";
import type { ReleaseRecord } from "../../ledger/release-record.ts";
import type { PolicyInForce } from "../../policy/policy-in-force.ts";
import type { ApprovalSignatures } from "../../ports/approval-signatures.ts";
import type { LiveFinding } from "../../ports/live-checks.ts";
import { createRedactor } from "../../redaction/create-redactor.ts";
import { redactedError } from "../../redaction/redacted-error.ts";
import type { StepContext, StepEnd } from "../../release/step-handler.ts";
import { MemoryStateStore, stateText } from "../../state-backups/test/memory-state-store.ts";
import type { InfrastructureDeps, PlannedRoot } from "../infrastructure-deps.ts";
import { infrastructureHandlers } from "../infrastructure-handlers.ts";
import { FakeTerraform } from "./fake-terraform.ts";

export const COMMIT = "1".repeat(40);
export const AUTHOR = "Ada Author <ada@example.com>";
const SOURCE = { commit: COMMIT, tree: "2".repeat(40), dirty: false };

type InfrastructureKind = Extract<StepKind, `infrastructure.${string}`>;

/** A release's infrastructure steps, with a Terraform and a ledger in memory. */
export function arrangeInfrastructure(
  folder: TemporaryFolder,
  settings: {
    readonly approvals?: Partial<ApprovalConfig>;
    readonly policy?: Partial<PlannedRoot["policy"]>;
    readonly inForce?: Partial<PolicyInForce>;
    readonly signatures?: ApprovalSignatures;
    /** It is a rollback. */
    readonly rollsBack?: boolean;
  } & Partial<Pick<InfrastructureDeps, "whenNotApproved" | "confirmed">> = {},
) {
  const { approvals, policy, inForce, signatures, rollsBack = false, ...rest } = settings;
  const states = new MemoryStateStore();
  const terraform = new FakeTerraform();
  const clock = new ManualClock();
  const redactor = createRedactor();
  const entries: LedgerEntry[] = [];
  const looks = new Map<string, LiveFinding>();
  const lines: string[] = [];
  const planFolder = join(folder.path, "plans");
  const plan = {
    version: 1 as const,
    environment: "prod",
    release: "r1",
    source: { ...SOURCE },
    previous: null,
    steps: [],
    ...(rollsBack && { rollsBack: { from: "r1", to: "r1", parts: ["infrastructure" as const], functions: [] } }),
  };

  const write = (body: LedgerBody, by = { name: AUTHOR }, release: string | null = "r1") => {
    entries.push({
      ...{ version: 1, environment: "prod", sequence: entries.length + 1, by, token: 1, release },
      ...{ at: new Date(clock.now()).toISOString(), body: redactBody(body, redactor) },
      ...{ previous: "0".repeat(64), hash: "0".repeat(64) },
    });
  };
  const checkedOut: { revision: SourceRevision } = { revision: { ...SOURCE } };
  const deps: InfrastructureDeps = {
    ...{ terraform, redactor, clock, flags: "" },
    target: {
      ...{ init: { directory: "/tf" }, variables: {}, planFolder, root: "environments/prod", isProtected: true },
      policy: { requiredTags: [], accepted: [], next: {}, ...policy },
      readOutputs: { "environments.prod.api.urlOutput": "url" },
    },
    state: { name: "prod", location: "s3://states/prod", read: () => terraform.state.read() },
    lock: async () => terraform.lock,
    states: {
      location: states.location,
      present: async () => {
        states.put(stateText(terraform.serial, [], terraform.lineage));
        return states.present();
      },
      backups: () => states.backups(),
      readBackup: (name) => states.readBackup(name),
      writeBackup: (name, text) => states.writeBackup(name, text),
    },
    verifiedBackupHours: 24,
    validation: { alarmsNotAboutReleases: ["*-backups"] },
    checks: {
      knows: ({ address }) => looks.has(address),
      look: async ({ address }) => [looks.get(address) as LiveFinding],
    },
    entries: async () => entries,
    source: { revision: async () => checkedOut.revision, changedFiles: async () => ["main.tf"] },
    policy: async () => ({
      approvals: { infrastructure: 0, ...approvals },
      ...(signatures === undefined ? {} : { signatures }),
      ...{ reviewers: 0, isProtected: true, because: "the rules of r0", loosened: [], ...inForce },
    }),
    ...rest,
  };
  let handlers = infrastructureHandlers(deps);
  const attempts = new Map<string, number>();

  let known = redactor;

  /** Takes a step, as the engine would: with an entry after, and without the secrets that are known. */
  const run = async (
    kind: InfrastructureKind,
    options: { readonly signal?: AbortSignal; readonly confirmed?: readonly string[] } = {},
  ): Promise<StepEnd> => {
    if (options.confirmed !== undefined) {
      handlers = infrastructureHandlers({ ...deps, confirmed: options.confirmed });
    }
    const attempt = (attempts.get(kind) ?? 0) + 1;
    attempts.set(kind, attempt);
    const step = { id: kind, kind, title: kind, guide: "-", undo: "-" };
    const context: StepContext = {
      ...{ plan: plan as StepContext["plan"], step, attempt, record: {} as ReleaseRecord },
      result: () => {
        throw new Error("not needed");
      },
      write: async (body) => write(body),
      assertHeld: () => undefined,
      outputs: () => undefined,
      line: (text) => lines.push(known.text(text)),
      signal: options.signal ?? new AbortController().signal,
    };
    const end = await handlers[kind](context).catch((error: unknown) => {
      throw redactedError(known, error);
    });
    write({ type: "step.finished", step: kind, kind, outcome: end.outcome, summary: end.summary, durationMs: 1 });
    return end;
  };
  const lastPlan = () => {
    const entry = entries.findLast(({ body }) => body.type === "plan.made");
    if (entry?.body.type !== "plan.made") throw new Error("no plan was made");
    return entry.body.summary;
  };
  const approve = (
    name: string,
    change: {
      accepts?: string[];
      commit?: string;
      serial?: number;
      digest?: string;
      principal?: string;
      signature?: string;
    } = {},
  ) => {
    const { planDigest, stateSerial } = lastPlan();
    write(
      {
        type: "approval.given",
        planDigest: change.digest ?? planDigest,
        commit: change.commit ?? COMMIT,
        stateSerial: change.serial ?? stateSerial,
        accepts: change.accepts ?? [],
        ...(change.signature === undefined ? {} : { signature: change.signature }),
      },
      { name, ...(change.principal === undefined ? {} : { principal: change.principal }) } as { name: string },
    );
  };
  /** Another process goes on: it knows nothing but the ledger and the plan file. */
  const restart = () => {
    known = createRedactor();
    handlers = infrastructureHandlers({ ...deps, redactor: known });
    return known;
  };
  write(
    {
      type: "release.started",
      plan: { ...plan, steps: [{ id: "x", kind: "smoke", title: "x", guide: "x", undo: "x" }] },
      authors: [AUTHOR],
    },
    {
      name: "Sam Starter <sam@example.com>",
      principal: "arn:aws:sts::111122223333:assumed-role/deploy/sam",
    } as { name: string },
  );
  return {
    terraform,
    clock,
    redactor,
    entries,
    looks,
    checkedOut,
    lines,
    planFolder,
    plan,
    run,
    restart,
    approve,
    lastPlan,
    write,
    states,
  };
}

/** A queue that is made. */
export const newQueue = {
  ...{ address: "aws_sqs_queue.jobs", type: "aws_sqs_queue", actions: ["create"] },
  after: { name: "jobs", sqs_managed_sse_enabled: true },
} as const;

const protectedTable = {
  ...{ name: "items", deletion_protection_enabled: true },
  ...{ point_in_time_recovery: [{ enabled: true }], server_side_encryption: [{ enabled: true }] },
};

/** A table that would be deleted and made anew. */
export const replacedTable = {
  ...{ address: "aws_dynamodb_table.items", type: "aws_dynamodb_table", actions: ["delete", "create"] },
  before: { ...protectedTable, hash_key: "id" },
  after: { ...protectedTable, hash_key: "key" },
  replace_paths: [["hash_key"]],
} as const;
