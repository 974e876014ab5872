import { join } from "node:path";
import { apiUrlAt, buildFunction, createAwsClients, DynamoBackups, GitSourceRepository, s3State } from "@slipway/aws";
import type {
  AdoptedVersion,
  EnvironmentConfig,
  LedgerEntry,
  PlanSummary,
  ReleasePlan,
  SourceRevision,
} from "@slipway/contracts";
import {
  type ApprovalSignatures,
  adoptedVersions,
  appliedInfrastructure,
  type BackupCatalog,
  createRedactor,
  decideRelease,
  type FunctionBuilder,
  type FunctionDeployer,
  type FunctionReader,
  fetchHttpClient,
  type HeldLedger,
  type Ledger,
  type LedgerTable,
  packageFunction,
  type ReleaseDecision,
  type ReleasePorts,
  type ReleaseRecord,
  releases,
  type StepHandlers,
  systemClock,
  type TerraformState,
} from "@slipway/release-engine";
import type { ReleasePolicy } from "@slipway/release-plan";
import { removeEarlierPlace } from "../rollback/earlier-place.ts";
import { planBack } from "../rollback/plan-back.ts";
import { apiUrlOf } from "../target/api-url-of.ts";
import type { EnvironmentPlace } from "../target/environment-work.ts";
import { knowingSecrets } from "./knowing-secrets.ts";
import { openAnnouncer } from "./open-announcer.ts";
import { openEnvironmentLedger } from "./open-ledger.ts";
import { openPolicy } from "./open-policy.ts";
import { type ReleaseAccess, releaseAccess } from "./release-access.ts";
import { releaseClients } from "./release-clients.ts";
import { type ReleaseParts, releaseHandlers } from "./release-handlers.ts";
import { type ReleaseInfrastructure, releaseInfrastructure } from "./release-infrastructure.ts";
import { releasePolicy } from "./release-policy.ts";
import { removePlans } from "./remove-plans.ts";
import { stepDetails } from "./step-details.ts";
import { type TrafficSeen, trafficMeanwhile } from "./traffic-meanwhile.ts";

/** What is released, where, and how its waits are passed. */
export interface ReleasePlace extends EnvironmentPlace {
  /** On local AWS: whether its clock is moved instead of waited for, with the smoke test's requests meanwhile. */
  readonly fastForward?: boolean;
  /** Builds functions; by their build commands, unless given. */
  readonly builder?: FunctionBuilder;
  /** A rehearsal is alone with its local AWS: what would wait for people is said, and does not stop it. */
  readonly isRehearsal?: boolean;
  /** Names of what a rollback may destroy with its data: `--confirm NAME`. */
  readonly confirmed?: readonly string[];
}

/** Everything that a release of an environment needs, opened for one command. */
export interface OpenRelease {
  readonly environment: EnvironmentConfig;
  /** Absolute path of the folder with slipway.config.ts. */
  readonly repository: string;
  readonly access: ReleaseAccess;
  readonly ledger: Ledger;
  readonly source: GitSourceRepository;
  /** Looks at functions, and moves aliases without asking who has the lease: only for who cannot reach the ledger. */
  readonly functions: FunctionReader & Pick<FunctionDeployer, "moveAlias">;
  /** Where the ledger lies. */
  readonly ledgerTable: LedgerTable;
  /** Where an output's URL answers from here. */
  readonly urlAt: (url: string) => string;
  readonly ports: ReleasePorts;
  /** How it is planned, by the rules that are in force. */
  policy(entries: readonly LedgerEntry[]): Promise<ReleasePolicy>;
  /** What checks signatures by the file of allowed signers that is in force; undefined where none is. */
  signatures(entries: readonly LedgerEntry[]): Promise<ApprovalSignatures | undefined>;
  /** What was sent while waits were passed over. */
  readonly traffic: TrafficSeen;
  /** ARN of who AWS sees. */
  principal(): Promise<string>;
  /** What does the steps, for who has the lease. */
  handlers(held: HeldLedger, about?: Pick<ReleaseParts, "othersNoticeBy">): StepHandlers;
  /** What has the traffic although no release has made it, where the ledger has none that does. */
  adopted(records: readonly ReleaseRecord[]): Promise<readonly AdoptedVersion[]>;
  /** Whether there is anything to release. */
  decide(current: ReleaseRecord | undefined, source: SourceRevision): Promise<ReleaseDecision>;
  /** Where the API of a release answers; undefined before its infrastructure is applied. */
  apiUrl(record: Pick<ReleaseRecord, "steps">): string | undefined;
  /** The environment's Terraform state; undefined before the first apply. */
  readState(signal?: AbortSignal): Promise<TerraformState | undefined>;
  /** What Terraform would change if the infrastructure went back as a plan of a rollback says; nothing is changed, and nothing kept. */
  planBack(plan: ReleasePlan, entries: readonly LedgerEntry[]): Promise<PlanSummary>;
  /** What tables can be brought back from. */
  backups(): BackupCatalog;
  /** Takes away the plan files of a release that has ended, which hold secrets, and the files of an earlier one; for who has the lease. */
  removePlans(): Promise<void>;
  /** Gives back what was taken. */
  close(): void;
}

/**
 * Builds everything that a release needs: on AWS with the caller's own credentials, on local AWS under the purpose roles. Nothing is
 * changed, and nothing is taken from others, before a step needs it.
 *
 * @throws UserError when nothing was rehearsed, or the configuration does not say where states and ledger lie
 * @throws ReleaseError when a role cannot be assumed
 */
export async function openRelease(given: ReleasePlace): Promise<OpenRelease> {
  const redactor = createRedactor();
  const { steps, details } = stepDetails(given.progress, redactor);
  const place = { ...given, progress: details };
  const { repository, config, environment: name, target, env, signal } = place;
  const environment = config.environments[name] as EnvironmentConfig;
  const traffic = trafficMeanwhile({ http: fetchHttpClient, clock: systemClock }, environment.smoke, () => newestUrl());
  const access = await releaseAccess(place, place.fastForward === true ? traffic.inEachStep : undefined);
  const { clock } = access;
  const opened = await openEnvironmentLedger({
    ...{ config, environment: name, target, env, signal, clock, redactor, repository },
    purpose: "deploy",
  });
  const clients = releaseClients(access, redactor);
  const taken: ReleaseInfrastructure[] = [];
  const infrastructureAt = (where: ReleasePlace) => {
    const made = releaseInfrastructure(where, access);
    taken.push(made);
    return made;
  };
  const infrastructure = infrastructureAt(place);
  const builder = place.builder ?? {
    build: ({ directory, ...build }) => buildFunction({ ...build, cwd: directory, env }),
  };
  const source = new GitSourceRepository(repository, env);
  const policy = openPolicy({ repository, config, environment: name, env });
  const urlAt = (url: string) => (target.endpoint === undefined ? url : apiUrlAt(url, target.endpoint));
  const apiUrl = (record: Pick<ReleaseRecord, "steps">) => {
    const outputs = appliedInfrastructure(record)?.outputs ?? {};
    return apiUrlOf({ outputs, urlOutput: environment.api.urlOutput, endpoint: target.endpoint });
  };
  const newest = once(async () => {
    const records = releases(await opened.ledger.read(signal));
    return records.findLast((record) => appliedInfrastructure(record) !== undefined);
  });
  const newestUrl = async () => {
    const record = await newest();
    return record && apiUrl(record);
  };
  const people = openAnnouncer({
    ...{ config: environment.release.notifications, env, redactor, client: access.client("deploy") },
    readEntries: () => opened.ledger.read(signal),
    onLine: (text) => details.report({ type: "phase-line", phase: name, text }),
  });
  const { announcer } = people;
  return {
    ...{ environment, repository, access, source, apiUrl, functions: clients.functions, urlAt, traffic: traffic.seen },
    ...{ ledger: opened.ledger, ledgerTable: opened.table, principal: opened.principal },
    ports: { clock, systemClock, progress: steps, redactor, announcer, flags: target.flags },
    policy: async (entries) => releasePolicy(await policy.inForce(entries, signal), environment.release.canary),
    signatures: async (entries) => (await policy.inForce(entries, signal)).signatures,
    handlers: (held, about = {}) =>
      knowingSecrets(
        releaseHandlers(
          {
            place,
            access,
            clients,
            infrastructure,
            infrastructureAt,
            builder,
            redactor,
            announcer,
            urlAt,
            source,
            policy,
            ...about,
          },
          held,
        ),
        {
          reader: clients.functions,
          namesIn: (record) => functionNames(environment, appliedInfrastructure(record)?.outputs),
          namesBefore: async () => {
            const record = await newest();
            return (record && functionNames(environment, appliedInfrastructure(record)?.outputs)) ?? [];
          },
        },
      ),
    adopted: (records) =>
      adoptedVersions(
        {
          reader: clients.functions,
          metrics: clients.metrics,
          clock,
          state: (aborted) => readState(access, name, aborted),
        },
        { functions: environment.functions, records, signal },
      ),
    decide: (current, source) =>
      decideRelease(
        {
          reader: clients.functions,
          packageFunctions: () => packageAll(place, builder),
          planInfrastructure: () => infrastructure.wouldChange(signal),
        },
        { current, source },
      ),
    readState: (aborted) => readState(access, name, aborted),
    planBack: (plan, entries) =>
      planBack(
        { ...place, ...(access.local === undefined ? {} : { identities: access.local.identities }) },
        policy,
        plan,
        entries,
      ),
    backups: () => new DynamoBackups(clients.restoring().operate.dynamodb),
    async removePlans() {
      await removePlans(target, repository, name);
      await removeEarlierPlace({ repository, env, environment: name, target });
    },
    close() {
      for (const each of taken) {
        each.release();
      }
      clients.close();
      people.close();
      opened.close();
    },
  };
}

/** As who plans; undefined before the first apply. */
async function readState(
  { client, state }: ReleaseAccess,
  name: string,
  signal: AbortSignal | undefined,
): Promise<TerraformState | undefined> {
  const clients = createAwsClients(client("plan"));
  try {
    return await s3State(clients.s3, name, state).read(signal);
  } finally {
    clients.destroy();
  }
}

/** Names of the functions as they are deployed; undefined where nothing is. */
function functionNames(
  { functions }: EnvironmentConfig,
  outputs: Readonly<Record<string, unknown>> | undefined,
): readonly string[] | undefined {
  return (
    outputs &&
    functions
      .map((each) => outputs[each.outputs.functionName])
      .filter((name): name is string => typeof name === "string")
  );
}

/** Looks again as long as there is nothing. */
function once<T>(look: () => Promise<T | undefined>): () => Promise<T | undefined> {
  let known: T | undefined;
  return async () => {
    known ??= await look();
    return known;
  };
}

/** SHA-256 of each function's artifact, built now. */
async function packageAll(
  { repository, config, environment, signal }: ReleasePlace,
  builder: FunctionBuilder,
): Promise<ReadonlyMap<string, string>> {
  const { functions } = config.environments[environment] as EnvironmentConfig;
  const digests = new Map<string, string>();
  for (const { name, build, directory, artifact } of functions) {
    await builder.build({ argv: build, directory: join(repository, directory), onLine: () => {}, signal });
    digests.set(name, (await packageFunction(join(repository, artifact))).sha256);
  }
  return digests;
}
