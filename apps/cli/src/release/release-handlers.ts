import { dirname } from "node:path";
import type { EnvironmentConfig } from "@slipway/contracts";
import {
  type Announcer,
  checklistHandler,
  checkpointHandler,
  codeHandlers,
  type FunctionBuilder,
  fetchHttpClient,
  guarded,
  type HeldLedger,
  infrastructureHandlers,
  proofHandlers,
  type Redactor,
  ReleaseError,
  type ReleaseTerraform,
  type SourceRepository,
  type StepContext,
  type StepEnd,
  type StepHandlers,
  settleBeside,
  systemClock,
  trafficHandlers,
  verifyStep,
} from "@slipway/release-engine";
import { openChecklist } from "../checklist/open-checklist.ts";
import { plannedRoot } from "../infrastructure/planned-root.ts";
import { earlierHandlers } from "../rollback/earlier-handlers.ts";
import { openEarlierPlace } from "../rollback/earlier-place.ts";
import { type RestoreInfrastructure, restoreSteps } from "../rollback/restore-steps.ts";
import { undoSteps } from "../rollback/undo-steps.ts";
import { UserError } from "../user-error.ts";
import { WindowEvidence } from "../validation/window-evidence.ts";
import { lazyHandlers } from "./lazy-handlers.ts";
import type { OpenedPolicy } from "./open-policy.ts";
import type { ReleasePlace } from "./open-release.ts";
import type { ReleaseAccess } from "./release-access.ts";
import type { ReleaseClients } from "./release-clients.ts";
import type { ReleaseInfrastructure } from "./release-infrastructure.ts";

/** What handlers are made of. */
export interface ReleaseParts {
  readonly place: ReleasePlace;
  readonly access: ReleaseAccess;
  readonly clients: ReleaseClients;
  readonly infrastructure: ReleaseInfrastructure;
  /** The same from other files; it is given back with everything else. */
  readonly infrastructureAt: (place: ReleasePlace) => ReleaseInfrastructure;
  readonly builder: FunctionBuilder;
  readonly redactor: Redactor;
  readonly announcer: Announcer;
  /** Where an output's URL answers from here. */
  readonly urlAt: (url: string) => string;
  readonly source: Pick<SourceRepository, "revision" | "changedFiles">;
  /** Where the lease was taken away from somebody: when that one must have noticed, on the machine's clock. */
  readonly othersNoticeBy?: number;
  readonly policy: OpenedPolicy;
}

/**
 * What does the steps of a release. Whatever changes something looks right before each call whether the lease is still held: a process
 * that was asleep past it changes nothing any more.
 */
export function releaseHandlers(parts: ReleaseParts, held: HeldLedger): StepHandlers {
  return earlierHandlers(handlersOf(parts, held), async (plan) => {
    const { place, source } = await openEarlierPlace(parts.place, plan);
    return handlersOf({ ...parts, place, source, infrastructure: parts.infrastructureAt(place) }, held);
  });
}

function handlersOf(parts: ReleaseParts, held: HeldLedger): StepHandlers {
  const { place, access, clients, builder } = parts;
  const environment = place.config.environments[place.environment] as EnvironmentConfig;
  const assertHeld = () => held.assertHeld();
  const { functions: reader, metrics, logs } = clients;
  const deployer = guarded(clients.functions, assertHeld, ["updateCode", "publishVersion", "moveAlias"]);
  const store = guarded(clients.store, assertHeld, ["putOnce"]);
  const invoker = guarded(clients.invoker, assertHeld, ["invoke"]);
  // What the smoke test asks makes records, and deletes them again.
  const http = guarded(fetchHttpClient, assertHeld, ["send"]);
  const { flags } = place.target;
  const { clock } = access;
  return {
    ...restoreSteps(parts, held, openedInfrastructure(parts, held)),
    checklist: (context) => goThroughChecklist(parts, held, context),
    ...infrastructureOf(parts, held),
    ...codeHandlers({
      ...{ environment, repository: place.repository, builder, reader, store, deployer, systemClock },
      ...{ source: parts.source, flags },
    }),
    ...proofHandlers({
      ...{ invoker, http, clock: systemClock, environment, apiUrlAt: parts.urlAt, flags },
      readEntries: () => held.read(),
      whenUnproven: place.isRehearsal === true ? "go-on" : "pause",
    }),
    ...undoSteps(access, held, { flags }),
    ...trafficHandlers({ environment, reader, deployer, invoker, metrics, logs, clock, systemClock, flags }),
    "traffic.verify": verifyStep({
      ...{ environment, reader, deployer, metrics, http, clock, systemClock, apiUrlAt: parts.urlAt },
      ...(parts.othersNoticeBy !== undefined && { othersNoticeBy: parts.othersNoticeBy }),
    }),
    checkpoint: checkpointHandler({
      evidence: new WindowEvidence({ ...place, clock, assertHeld, redactor: parts.redactor }),
      ...{ clock, flags, config: environment.release.checkpoints, rules: parts.policy.ofLive },
      readEntries: () => held.read(),
      announcer: parts.announcer,
    }),
  };
}

/**
 * On local AWS nobody waits for the lines that take minutes: they are unknown there unless they were seen lately, which stops nothing on
 * local AWS.
 */
async function goThroughChecklist(
  { place, redactor, policy: rules }: ReleaseParts,
  held: HeldLedger,
  context: StepContext,
): Promise<StepEnd<"checklist">> {
  const { isLocal } = place.target;
  const opened = await openChecklist({ ...place, quick: isLocal, opened: { ledger: held, redactor, policy: rules } });
  try {
    const { ports, options } = opened;
    return await checklistHandler({ ports, options, policy: isLocal ? "rehearsal" : "production" })(context);
  } finally {
    opened.close();
  }
}

const INFRASTRUCTURE = [
  "infrastructure.plan",
  "infrastructure.approve",
  "infrastructure.apply",
  "infrastructure.validate",
  "infrastructure.settle",
] as const;

/** Terraform's folder is taken by the first step that needs it, and given back after the last: what comes then holds up nobody. */
function infrastructureOf(parts: ReleaseParts, held: HeldLedger): Pick<StepHandlers, (typeof INFRASTRUCTURE)[number]> {
  const { place, access, clients, infrastructure, redactor, policy } = parts;
  const { config, environment: name, target, isRehearsal = false } = place;
  const { validation, release } = config.environments[name] as EnvironmentConfig;
  const { verifiedBackupHours } = release.rollback;
  const handlers = lazyHandlers(INFRASTRUCTURE, async () => {
    const { terraform, init, variables, state, lock, planFile } = await infrastructure.open().catch(inUse);
    return infrastructureHandlers({
      terraform: guardedTerraform(terraform, () => held.assertHeld()),
      target: { init, variables, planFolder: dirname(planFile), ...plannedRoot(config, name) },
      ...{ source: parts.source, state, lock, redactor, checks: clients.checks, clock: access.clock },
      policy: async (signal) => policy.inForce(await held.read(signal), signal),
      entries: () => held.read(),
      flags: target.flags,
      whenNotApproved: isRehearsal ? "go-on" : "pause",
      ...{ validation, verifiedBackupHours, confirmed: place.confirmed ?? [], states: clients.states },
    });
  });
  return {
    ...handlers,
    async "infrastructure.settle"(context) {
      try {
        return await handlers["infrastructure.settle"](context);
      } catch (error) {
        // A holder that was stopped has Terraform's folder until it wakes up or is killed. Going back does not wait for that.
        if (!target.isLocal || !(error instanceof ReleaseError) || error.kind !== "busy") {
          throw error;
        }
        context.line(error.why);
        return await besideHolder(parts, context);
      } finally {
        infrastructure.release();
      }
    },
    async "infrastructure.validate"(context) {
      const end = await handlers["infrastructure.validate"](context);
      if (end.outcome === "done" || end.outcome === "nothing-to-do") {
        infrastructure.release();
      }
      return end;
    },
  };
}

/** Settles by the state where it lies, without Terraform and its folder. */
async function besideHolder(
  { access, place: { environment } }: ReleaseParts,
  context: StepContext,
): Promise<StepEnd<"infrastructure.settle">> {
  const { createAwsClients, s3State, stateLockFile } = await import("@slipway/aws");
  const clients = createAwsClients(access.client("provision"));
  const { s3 } = clients;
  try {
    return await settleBeside({
      state: s3State(s3, environment, access.state),
      lock: (signal?: AbortSignal) => stateLockFile(s3, access.state, signal),
    })(context);
  } finally {
    clients.destroy();
  }
}

/** @throws ReleaseError for what people can do something about: somebody else works in Terraform's folder */
function inUse(error: unknown): never {
  if (!(error instanceof UserError)) {
    throw error;
  }
  throw new ReleaseError(
    {
      kind: "busy",
      what: "Terraform's folder cannot be worked in",
      why: error.message,
      next: "do what it says, then type the same command again",
    },
    { cause: error },
  );
}

/** Terraform's folder, for what a restore does to the state. */
function openedInfrastructure({ infrastructure }: ReleaseParts, held: HeldLedger): RestoreInfrastructure {
  const open = () => infrastructure.open().catch(inUse);
  return {
    open,
    async workspace(onLine) {
      const { terraform, init } = await open();
      return guardedTerraform(terraform, () => held.assertHeld()).init({ ...init, onLine });
    },
  };
}

/** Terraform whose applies look first whether the lease is held. */
function guardedTerraform(terraform: ReleaseTerraform, assertHeld: () => void): ReleaseTerraform {
  return {
    init: async (request) =>
      guarded(await terraform.init(request), assertHeld, ["apply", "breakAbandonedLock", "forget", "import"]),
  };
}
