import { relative } from "node:path";
import {
  DynamoRestoredContents,
  DynamoTableFreezer,
  DynamoTableRestorer,
  DynamoTableSettings,
  S3StateStore,
} from "@slipway/aws";
import type { EnvironmentConfig } from "@slipway/contracts";
import {
  backUpState,
  backupRecords,
  guarded,
  type HeldLedger,
  ReleaseError,
  type ReleaseWorkspace,
  type RestoreHandlers,
  restoreHandlers,
  systemClock,
} from "@slipway/release-engine";
import { lazyHandlers } from "../release/lazy-handlers.ts";
import type { ReleaseParts } from "../release/release-handlers.ts";
import type { EnvironmentWork } from "../target/environment-work.ts";
import { restoredTableFile } from "./restored-table-file.ts";

const RESTORING = [
  "data.freeze",
  "data.restore",
  "data.verify",
  "data.settings",
  "data.adopt",
  "data.retire",
  "data.discard",
  "data.thaw",
] as const;

/** What opens Terraform's folder, and guards what is done there. */
export interface RestoreInfrastructure {
  open(): Promise<EnvironmentWork>;
  workspace(onLine: (text: string) => void): Promise<ReleaseWorkspace>;
}

/**
 * The steps that restore a table: who operates restores and reads, who changes the infrastructure freezes, gives settings and adopts.
 *
 * @param infrastructure taken when the first step needs it
 */
export function restoreSteps(
  parts: ReleaseParts,
  held: HeldLedger,
  infrastructure: RestoreInfrastructure,
): RestoreHandlers {
  const handlers = lazyHandlers(RESTORING, async () => restoreHandlers(restoreDeps(parts, held, infrastructure)));
  return {
    ...handlers,
    // What comes after these has no use for Terraform's folder.
    async "data.retire"(context) {
      const end = await handlers["data.retire"](context);
      parts.infrastructure.release();
      return end;
    },
    async "data.thaw"(context) {
      try {
        return await handlers["data.thaw"](context);
      } finally {
        parts.infrastructure.release();
      }
    },
  };
}

function restoreDeps(
  { place, access, clients }: ReleaseParts,
  held: HeldLedger,
  infrastructure: RestoreInfrastructure,
) {
  const { environment, config, repository, target } = place;
  const assertHeld = () => held.assertHeld();
  const { operate, provision, alarms } = clients.restoring();
  const { clock } = access;
  const restorer = new DynamoTableRestorer(operate.dynamodb, provision.dynamodb);
  return {
    freezer: guarded(new DynamoTableFreezer(provision.dynamodb), assertHeld, ["putPolicy", "removePolicy"]),
    restorer: guarded(restorer, assertHeld, ["begin", "remove"]),
    contents: new DynamoRestoredContents(operate.dynamodb),
    settings: guarded(new DynamoTableSettings(provision.dynamodb, systemClock), assertHeld, ["set", "tag"]),
    alarms,
    file: {
      async write(variable: string, value: Parameters<typeof restoredTableFile>[2]) {
        const { init } = await infrastructure.open();
        assertHeld();
        const path = await restoredTableFile(init.directory, variable, value);
        return { path: target.isLocal ? path : relative(repository, path), isForCommit: !target.isLocal };
      },
    },
    adoption: {
      async tableAt(address: string, signal?: AbortSignal) {
        const { state } = await infrastructure.open();
        const found = (await state.read(signal))?.resources.find((each) => each.address === address);
        const name = found?.attributes.name ?? found?.id;
        return typeof name === "string" ? name : undefined;
      },
      async serial(signal?: AbortSignal) {
        const { state } = await infrastructure.open();
        return (await state.read(signal))?.serial ?? 0;
      },
      async keepCopy(name: string, signal?: AbortSignal) {
        const { stateKey: key } = (config.environments[environment] as EnvironmentConfig).terraform;
        const store = new S3StateStore(operate.s3, { bucket: access.state.bucket, key });
        const by = held.holder.actor;
        try {
          await backUpState({ store, ledger: held, clock }, { by, name, ...(signal === undefined ? {} : { signal }) });
        } catch (error) {
          // Of an earlier attempt: what it has kept is the state before anything was changed.
          if (!(error instanceof ReleaseError) || error.kind !== "conflict") {
            throw error;
          }
        }
      },
      async forget(address: string, onLine: (text: string) => void) {
        await (await infrastructure.workspace(onLine)).forget({ address, onLine });
      },
      async adopt(
        address: string,
        id: string,
        variables: Parameters<ReleaseWorkspace["import"]>[0]["variables"],
        onLine: (text: string) => void,
      ) {
        await (await infrastructure.workspace(onLine)).import({ address, id, variables, onLine });
      },
    },
    variables: (config.environments[environment] as EnvironmentConfig).terraform.variables,
    earlierDigest: async (backup: string) => backupRecords(await held.read()).get(backup)?.digest,
    ...{ clock, systemClock, flags: target.flags },
  };
}
