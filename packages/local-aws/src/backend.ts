import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { allowEverything } from "./authorization/allow-everything.ts";
import { createAuthorizer, type EnforcingAuthorizer } from "./authorization/create-authorizer.ts";
import type { PolicySource } from "./core/access.ts";
import { VirtualClock } from "./core/clock.ts";
import type { Core } from "./core/core.ts";
import { type Credential, Credentials, FUNCTION_SESSION_KEY } from "./core/credentials.ts";
import type { ApiCaller, TagSource } from "./core/ports.ts";
import type { HttpRequest, HttpResponse, Service } from "./core/service.ts";
import { type IssuerKeys, Issuers } from "./issuer/issuers.ts";
import { createApiGateway } from "./services/apigateway/create-apigateway.ts";
import type { AlarmDrills } from "./services/cloudwatch/alarms/drills/alarm-drills.ts";
import { createCloudWatch } from "./services/cloudwatch/create-cloudwatch.ts";
import { createDynamoDb } from "./services/dynamodb/create-dynamodb.ts";
import { createIam } from "./services/iam/create-iam.ts";
import { createKms } from "./services/kms/create-kms.ts";
import { createLambda } from "./services/lambda/create-lambda.ts";
import { createLogs } from "./services/logs/create-logs.ts";
import { createS3 } from "./services/s3/create-s3.ts";
import { createScheduler } from "./services/scheduler/create-scheduler.ts";
import { createSns } from "./services/sns/create-sns.ts";
import { createSqs } from "./services/sqs/create-sqs.ts";
import { createSts } from "./services/sts/create-sts.ts";
import { createTagging } from "./services/tagging/create-tagging.ts";
import { openStore } from "./store/store.ts";
import { StoreError } from "./store/store-error.ts";
import { Dispatcher } from "./wire/dispatcher.ts";
import { type FaultRule, Faults } from "./wire/faults.ts";
import { InProcessCaller } from "./wire/in-process-caller.ts";
import { RequestLog } from "./wire/request-log.ts";

/** A request to a deployed API, taken apart by the endpoint. */
export interface GatewayTarget {
  readonly apiId: string;
  readonly stage: string;
  /** Path below the stage, percent-encoded as sent, with its leading slash. */
  readonly path: string;
}

/** All of local AWS behind the socket: opened on a folder, closed, and opened anew for a reset or a restore. */
export interface Backend {
  readonly dispatcher: Dispatcher;
  readonly gateway: { handle(target: GatewayTarget, request: HttpRequest): Promise<HttpResponse> };
  readonly faults: Faults;
  readonly requests: RequestLog;
  readonly clock: VirtualClock;
  /** Exercises alarms. */
  readonly alarmDrills: Pick<AlarmDrills, "exercise">;
  /** The OpenID Connect issuers that are played here. */
  readonly issuers: Issuers;
  /** Decides by IAM's policies and remembers what it was asked; absent with `--no-iam`. */
  readonly authorizer?: EnforcingAuthorizer;
  /** True for the access key of a running function: its requests are part of others that are under way. */
  isFunctionKey(accessKeyId: string): boolean;
  /** What every service holds, by service id. */
  inventory(): Promise<Record<string, readonly string[]>>;
  close(): Promise<void>;
}

/** What a backend is opened with. */
export interface BackendOptions {
  /** Folder of the state; made where missing. */
  readonly directory: string;
  readonly requestLogFile: string;
  readonly accountId: string;
  readonly region: string;
  /** False: everybody may do everything. */
  readonly enforceIam: boolean;
  readonly endpoint: () => string;
  readonly log: (line: string) => void;
}

/**
 * Puts the services of local AWS together on one store.
 *
 * @throws StoreError when the folder cannot be used
 */
export async function openBackend(options: BackendOptions): Promise<Backend> {
  mkdirSync(options.directory, { recursive: true });
  const store = openStore(options.directory);
  const offset = store.collection<number>("core/clock-offset");
  const clock = new VirtualClock(
    { read: () => offset.get("ms") ?? 0, write: (ms) => offset.put("ms", ms) },
    Date.now,
    (error) => options.log(`a scheduled task failed: ${error instanceof Error ? error.stack : String(error)}`),
  );
  let policies: PolicySource | undefined;
  const authorizer = options.enforceIam
    ? createAuthorizer({
        ...options,
        clock,
        policies: () => policies ?? NO_POLICIES,
      })
    : undefined;
  const core: Core = {
    ...options,
    store,
    clock,
    credentials: new Credentials(store.collection<Credential>("core/credentials"), options.accountId),
    authorizer: authorizer ?? allowEverything,
  };
  const issuers = new Issuers(store.collection<IssuerKeys>("core/issuers"));
  let caller: ApiCaller;
  const { services, gateway, iam, alarmDrills, start } = await createServices(core, issuers, () => caller).catch(
    (error: unknown) => {
      clock.close();
      store.close();
      throw error;
    },
  );
  policies = iam;
  const faults = new Faults(store.collection<FaultRule>("core/faults"));
  const requests = new RequestLog(options.requestLogFile);
  const dispatching = { ...options, ...core, services, faults, requests };
  const dispatcher = new Dispatcher(dispatching);
  caller = new InProcessCaller(dispatching, (service) => dispatcher.model(service));
  start();
  return {
    dispatcher,
    gateway,
    faults,
    requests,
    clock,
    alarmDrills,
    issuers,
    authorizer,
    isFunctionKey: (accessKeyId) =>
      core.credentials.find(accessKeyId)?.principal.sessionContext?.[FUNCTION_SESSION_KEY] !== undefined,
    inventory: () => inventoryOf(services),
    async close() {
      // In order: callers before what they call, so that a last log line or metric still finds its service.
      for (const service of services) {
        await service.close?.();
      }
      await requests.flush();
      clock.close();
      store.close();
    },
  };
}

/** Until IAM is there; no request comes before. */
const NO_POLICIES: PolicySource = { revision: -1, policiesOf: () => undefined };

async function createServices(
  core: Core,
  issuers: Issuers,
  api: () => ApiCaller,
): Promise<{
  services: readonly Service[];
  gateway: Backend["gateway"];
  iam: PolicySource;
  alarmDrills: Backend["alarmDrills"];
  /** Lets run what runs by itself and calls others. */
  start(): void;
}> {
  // SNS delivers to functions and queues, which come later because they log, and logs become metrics, whose alarms publish to SNS.
  const sns = createSns(core, {
    functions: () => lambda.functions,
    queues: () => sqs.queues,
    keys: () => kms.keys,
  });
  const cloudwatch = createCloudWatch(core, { topics: sns.topics });
  const iam = createIam(core);
  const sts = createSts(core, {
    roles: iam.roles,
    policies: iam.managedPolicies,
    oidcProviders: iam.oidcProviders,
    issuers,
  });
  const kms = createKms(core);
  const logs = createLogs(core, { metrics: cloudwatch.metrics, keys: kms.keys });
  const s3 = createS3(core, { keys: kms.keys });
  const { metrics } = cloudwatch;
  const dynamodb = await createDynamoDb(core, { metrics, keys: kms.keys, objects: s3.writer }).catch(
    (cause: unknown) => {
      throw new StoreError(
        `The tables in ${join(core.store.directory, "dynamodb")} cannot be opened (${cause instanceof Error ? cause.message : String(cause)}). Type \`slipway local reset\` to start afresh, or restore a snapshot with \`slipway local snapshot restore NAME\`.`,
        { cause },
      );
    },
  );
  const sqs = createSqs(core, { metrics, keys: kms.keys });
  const lambda = createLambda(core, {
    objects: s3.objects,
    roles: iam.roles,
    logs: logs.sink,
    metrics,
    topics: sns.topics,
    queues: sqs.queues,
    objectNeeds: s3.objectNeeds,
    keys: kms.keys,
  });
  const apigateway = createApiGateway(core, {
    functions: lambda.functions,
    logs: logs.sink,
    metrics,
    roles: iam.roles,
  });
  const scheduler = createScheduler(core, { roles: iam.roles, queues: sqs.queues, metrics, api });
  const tagged: TagSource[] = [s3, dynamodb, lambda, apigateway, iam, kms, sns, sqs, logs, cloudwatch, scheduler].map(
    ({ tags }) => tags,
  );
  const tagging = createTagging(core, () => tagged);
  const services = [
    ...[scheduler, apigateway, lambda, sqs, dynamodb, s3, kms, sts, iam, tagging, logs, cloudwatch, sns],
  ].map(({ service }) => service);
  return {
    ...{ services, gateway: apigateway.gateway, iam: iam.policies, alarmDrills: cloudwatch.drills },
    start: () => scheduler.start(),
  };
}

async function inventoryOf(services: readonly Service[]): Promise<Record<string, readonly string[]>> {
  const result: Record<string, readonly string[]> = {};
  for (const service of services) {
    const held = await service.inventory?.();
    if (held !== undefined && held.length > 0) {
      result[service.id] = held;
    }
  }
  return result;
}
