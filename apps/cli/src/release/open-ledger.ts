import { callerIdentity, createAwsClients, DynamoLedgerTable } from "@slipway/aws";
import type { LedgerEntry, SlipwayConfig } from "@slipway/contracts";
import {
  type Clock,
  createRedactor,
  type Ledger,
  type LedgerTable,
  learnEnvironment,
  openLedger,
  outputText,
  type Redactor,
  systemClock,
} from "@slipway/release-engine";
import { LedgerCopy } from "../ledger/ledger-copy.ts";
import { localLedgerFolder } from "../ledger/local-folder.ts";
import { environmentIdentities, type RehearsalCredentials, roleArnsOf } from "../rehearsal/identities.ts";
import { awsRoles } from "../target/aws-roles.ts";
import { rehearsedBootstrap } from "../target/rehearsed-bootstrap.ts";
import type { TargetAws } from "../target/target-aws.ts";
import { targetClock } from "../target/target-clock.ts";
import { UserError } from "../user-error.ts";
import { holderIsGone } from "./this-holder.ts";

/** Whose ledger it is, and who asks. */
export interface LedgerPlace {
  readonly config: SlipwayConfig;
  readonly environment: string;
  readonly target: TargetAws;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  /** The role, where there are some: both may read and write the ledger of their environment. */
  readonly purpose?: "operate" | "deploy";
  /** The target's time, where the caller has a clock of its own for it. */
  readonly clock?: Clock;
  /** Where the repository lies that keeps a copy of the ledger; none is kept without it. */
  readonly repository?: string;
  /** Where the caller has one that has learned more than what the environment's variables say. */
  readonly redactor?: Redactor;
}

export interface OpenedLedger {
  readonly ledger: Ledger;
  readonly table: LedgerTable;
  readonly tableName: string;
  /** The target's time. */
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** For AWS clients of the same identity; absent where the SDK's own way of finding them is meant. */
  readonly credentials?: () => Promise<RehearsalCredentials>;
  /** ARN of who AWS sees. */
  principal(): Promise<string>;
  close(): void;
}

/**
 * Opens the ledger of an environment: on AWS with the caller's own credentials, or a purpose role where those are named; on local AWS under a purpose role.
 *
 * @throws UserError when the configuration does not say where ledgers lie, or nothing was rehearsed
 * @throws ReleaseError when a role cannot be assumed
 */
export async function openEnvironmentLedger(place: LedgerPlace): Promise<OpenedLedger> {
  const { config, environment, target, env } = place;
  const { region, endpoint, flags } = target;
  const { tableName, credentials } = target.isLocal ? await localAccess(place) : awsAccess(place);
  const clock = place.clock ?? (await targetClock(target));
  const redactor = place.redactor ?? createRedactor();
  learnEnvironment(redactor, env);
  const at = { region, endpoint, credentials };
  const clients = createAwsClients(at);
  const table = new DynamoLedgerTable(clients.dynamodb, tableName);
  const leaseSeconds = config.environments[environment]?.release.leaseSeconds ?? 60;
  const { repository } = place;
  const copy =
    repository === undefined ? undefined : new LedgerCopy(localLedgerFolder(repository, target), environment);
  const options = {
    ...{ environment, clock, leaseClock: systemClock, redactor, leaseSeconds, isGone: holderIsGone, flags },
    ...(copy !== undefined && { onRead: (entries: readonly LedgerEntry[]) => copy.keep(entries) }),
  };
  return {
    ...{ ledger: openLedger(table, options), table, tableName, clock, redactor },
    ...(credentials === undefined ? {} : { credentials }),
    principal: () => callerIdentity(at),
    close: () => clients.destroy(),
  };
}

interface Access {
  readonly tableName: string;
  readonly credentials?: () => Promise<RehearsalCredentials>;
}

function awsAccess(place: LedgerPlace): Access {
  const { bootstrap } = place.config;
  if (bootstrap.ledger === undefined) {
    throw new UserError(
      "bootstrap.ledger: is not in slipway.config.ts, so nothing says where the history of releases lies. Add `ledger: { table: NAME }` with the table that the bootstrap made.",
    );
  }
  const roles = awsRoles(place);
  const { purpose = "operate" } = place;
  return { tableName: bootstrap.ledger.table, ...(roles && { credentials: () => roles(purpose) }) };
}

async function localAccess(place: LedgerPlace): Promise<Access> {
  const { config, environment, target, signal, purpose = "operate" } = place;
  const { ledgerTable } = config.bootstrap.outputs;
  if (ledgerTable === undefined) {
    throw new UserError(
      "bootstrap.outputs.ledgerTable: is not in slipway.config.ts, so nothing says where the history of releases lies. Name the bootstrap's output with the table.",
    );
  }
  const { localAws, outputs } = await rehearsedBootstrap(target, config, environment, signal);
  const identities = environmentIdentities({ config, environment, localAws });
  const roleArns = roleArnsOf(outputs, config, environment);
  return {
    tableName: outputText(outputs, ledgerTable, "bootstrap.outputs.ledgerTable"),
    credentials: () => identities.of(purpose, roleArns),
  };
}
