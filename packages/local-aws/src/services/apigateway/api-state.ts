import { randomBytes } from "node:crypto";
import type {
  Account,
  ApiKey,
  Authorizer,
  GatewayResponse,
  Method,
  Model,
  RequestValidator,
  RestApi,
  Stage,
  UsagePlan,
} from "@aws-sdk/client-api-gateway";
import { AwsError } from "../../core/aws-error.ts";
import type { Core } from "../../core/core.ts";
import type { Collection } from "../../store/store.ts";

/** A path of an API with its methods. */
export interface ResourceRecord {
  readonly id: string;
  parentId?: string;
  pathPart?: string;
  path: string;
  methods: Record<string, Method>;
}

/** An API as it is being edited; a deployment is a copy of this. */
export interface ApiRecord {
  readonly id: string;
  readonly rootResourceId: string;
  /** What GetRestApi answers; `policy` is kept as plain JSON here. */
  settings: RestApi;
  /** By resource id. */
  resources: Record<string, ResourceRecord>;
  /** By name. */
  models: Record<string, Model>;
  /** By id. */
  requestValidators: Record<string, RequestValidator>;
  /** By id. */
  authorizers: Record<string, Authorizer>;
  /** By response type; only those that were customised. */
  gatewayResponses: Record<string, GatewayResponse>;
}

/** An immutable snapshot of an API. */
export interface DeploymentRecord {
  readonly id: string;
  description?: string;
  readonly createdDate: Date;
  readonly snapshot: ApiRecord;
}

/** A stage; everything GetStage answers. */
export type StageRecord = Stage & { stageName: string; deploymentId: string };

/** Requests that an API key made in a usage plan: day (`2026-11-23`, UTC) to count. */
export type UsageRecord = Record<string, number>;

const ID_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

/** A new identifier as API Gateway makes them: lower-case letters and digits. */
export function newApiGatewayId(length: number): string {
  return [...randomBytes(length)].map((byte) => ID_ALPHABET[byte % ID_ALPHABET.length]).join("");
}

/** The records of API Gateway in the store. */
export class ApiState {
  readonly core: Core;
  readonly apis: Collection<ApiRecord>;
  /** Key `{apiId}/{deploymentId}`. */
  readonly deployments: Collection<DeploymentRecord>;
  /** Key `{apiId}/{stageName}`. */
  readonly stages: Collection<StageRecord>;
  readonly apiKeys: Collection<ApiKey>;
  /** Key: the key's value; value: its id. */
  readonly apiKeyValues: Collection<string>;
  readonly usagePlans: Collection<UsagePlan>;
  /** Key `{keyId}/{planId}`: the plans of a key are looked up on every metered request. */
  readonly planKeys: Collection<{ readonly keyId: string; readonly planId: string; readonly type: string }>;
  /** Key `{planId}/{keyId}`. */
  readonly usage: Collection<UsageRecord>;
  readonly #account: Collection<Account>;
  #logRoleArn: string | undefined;

  constructor(core: Core) {
    const { store } = core;
    this.core = core;
    this.apis = store.collection("apigateway/apis");
    this.deployments = store.collection("apigateway/deployments");
    this.stages = store.collection("apigateway/stages");
    this.apiKeys = store.collection("apigateway/api-keys");
    this.apiKeyValues = store.collection("apigateway/api-key-values");
    this.usagePlans = store.collection("apigateway/usage-plans");
    this.planKeys = store.collection("apigateway/usage-plan-keys");
    this.usage = store.collection("apigateway/usage");
    this.#account = store.collection("apigateway/account");
    this.#logRoleArn = this.account.cloudwatchRoleArn;
  }

  /** The settings that all APIs share. */
  get account(): Account {
    return this.#account.get("account") ?? {};
  }

  /** The role that logs are written with; in memory, because every logged request asks for it. */
  get logRoleArn(): string | undefined {
    return this.#logRoleArn;
  }

  putAccount(account: Account): void {
    this.#account.put("account", account);
    this.#logRoleArn = account.cloudwatchRoleArn;
  }

  /** The time of now, as the dates of answers carry it: whole seconds. */
  now(): Date {
    return new Date(Math.floor(this.core.clock.now() / 1000) * 1000);
  }

  /** @throws AwsError `NotFoundException` */
  api(id: string | undefined): ApiRecord {
    const api = id === undefined ? undefined : this.apis.get(id);
    if (api === undefined) {
      throw notFound(`Invalid API identifier specified ${this.core.accountId}:${id}`);
    }
    return api;
  }

  /** Changes an API and keeps the change; nothing is kept when `work` throws. */
  changeApi<T>(id: string | undefined, work: (api: ApiRecord) => T): T {
    return this.core.store.transaction(() => {
      const api = this.api(id);
      const result = work(api);
      this.apis.put(api.id, api);
      return result;
    });
  }

  /** Changes a resource of an API. An API that is not there is reported as AWS does: as a missing resource. */
  changeResource<T>(
    apiId: string | undefined,
    resourceId: string | undefined,
    work: (resource: ResourceRecord, api: ApiRecord) => T,
  ): T {
    return this.core.store.transaction(() => {
      const { api, resource } = this.resource(apiId, resourceId);
      const result = work(resource, api);
      this.apis.put(api.id, api);
      return result;
    });
  }

  /** @throws AwsError `NotFoundException` */
  resource(apiId: string | undefined, resourceId: string | undefined): { api: ApiRecord; resource: ResourceRecord } {
    const api = apiId === undefined ? undefined : this.apis.get(apiId);
    const resource = resourceId === undefined ? undefined : api?.resources[resourceId];
    if (api === undefined || resource === undefined) {
      throw notFound("Invalid Resource identifier specified");
    }
    return { api, resource };
  }

  /** @throws AwsError `NotFoundException` */
  deployment(apiId: string | undefined, deploymentId: string | undefined): DeploymentRecord {
    const deployment = this.deployments.get(`${apiId}/${deploymentId}`);
    if (deployment === undefined) {
      throw notFound("Invalid Deployment identifier specified");
    }
    return deployment;
  }

  /** @throws AwsError `NotFoundException` */
  stage(apiId: string | undefined, stageName: string | undefined): StageRecord {
    const stage = this.stages.get(`${apiId}/${stageName}`);
    if (stage === undefined) {
      throw notFound("Invalid stage identifier specified");
    }
    return stage;
  }
}

/** @throws AwsError `NotFoundException` "Invalid Method identifier specified" */
export function methodOf(resource: ResourceRecord, httpMethod: string | undefined): Method {
  const method = httpMethod === undefined ? undefined : resource.methods[httpMethod];
  if (method === undefined) {
    throw notFound("Invalid Method identifier specified");
  }
  return method;
}

/** API Gateway's 404. */
export function notFound(message: string): AwsError {
  return new AwsError("NotFoundException", message, { status: 404 });
}

/** API Gateway's 400. */
export function badRequest(message: string): AwsError {
  return new AwsError("BadRequestException", message, { status: 400 });
}

/** API Gateway's 409. */
export function conflict(message: string): AwsError {
  return new AwsError("ConflictException", message, { status: 409 });
}

/** A map, or nothing when it holds nothing: API Gateway leaves empty maps out of its answers. */
export function filled<T>(map: Record<string, T> | undefined): Record<string, T> | undefined {
  return map === undefined || Object.keys(map).length === 0 ? undefined : map;
}

/** One page of a list. `position` is opaque to callers: the number of items already given. */
export function page<T>(
  items: readonly T[],
  position: string | undefined,
  limit: number | undefined,
): { items: T[]; position?: string } {
  const start = position === undefined ? 0 : Number(Buffer.from(position, "base64url").toString());
  if (!Number.isInteger(start) || start < 0) {
    throw badRequest("Invalid position parameter");
  }
  const size = limit === undefined || limit <= 0 ? 25 : Math.min(limit, 500);
  const end = start + size;
  const slice = items.slice(start, end);
  return end < items.length
    ? { items: slice, position: Buffer.from(String(end)).toString("base64url") }
    : { items: slice };
}
