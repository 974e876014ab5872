import type { MethodSetting, PatchOperation } from "@aws-sdk/client-api-gateway";
import { type ApiState, badRequest, filled, type StageRecord } from "./api-state.ts";
import { checkStageVariable } from "./check-stage-variable.ts";
import { unescapePointer } from "./patch.ts";

/** `/{resource path}/{method}/{setting}`; the resource path may be escaped (`~1items`) or not (`items/{id}`). */
const METHOD_SETTING =
  /^\/(.*)\/(\*|GET|PUT|POST|DELETE|PATCH|OPTIONS|HEAD|ANY)\/((?:metrics|logging|throttling|caching)\/[a-zA-Z]+)$/;
const METHOD_KEY = /^\/(.*\/(?:\*|GET|PUT|POST|DELETE|PATCH|OPTIONS|HEAD|ANY))$/;

const GROUPED = [
  "metrics/enabled",
  "logging/dataTrace",
  "logging/loglevel",
  "throttling/burstLimit",
  "throttling/rateLimit",
  "caching/ttlInSeconds",
  "caching/enabled",
  "caching/dataEncrypted",
  "caching/requireAuthorizationForCacheControl",
  "caching/unauthorizedCacheControlHeaderStrategy",
];

/** AWS's own list of what can be patched, with its missing commas, for the error message. */
const PATHS = `[/deploymentId, /description, /cacheClusterEnabled, /cacheClusterSize, /clientCertificateId, /accessLogSettings, /accessLogSettings/destinationArn, /accessLogSettings/format, ${["/{resourcePath}/{httpMethod}", "/*/*"].flatMap((prefix) => GROUPED.map((setting) => `${prefix}/${setting}`)).join(", ")}, /variables/{variable_name}, /tracingEnabled]`;

/**
 * Applies UpdateStage's patch operations.
 *
 * @throws AwsError `BadRequestException` or `NotFoundException`
 */
export function patchStage(
  state: ApiState,
  apiId: string,
  stage: StageRecord,
  operations: readonly PatchOperation[],
): void {
  for (const operation of operations) {
    applyOne(state, apiId, stage, operation.op ?? "replace", operation.path ?? "", operation.value ?? "");
  }
  if (stage.accessLogSettings !== undefined) {
    checkAccessLog(state, stage.accessLogSettings);
  }
}

function applyOne(state: ApiState, apiId: string, stage: StageRecord, verb: string, path: string, value: string): void {
  if (verb !== "replace" && verb !== "add" && verb !== "remove") {
    throw refusedVerb(verb, path);
  }
  const variable = /^\/variables\/([^/]+)$/.exec(path);
  if (variable !== null) {
    patchVariable(stage, unescapePointer(variable[1] ?? ""), verb, value);
    return;
  }
  if (path.startsWith("/accessLogSettings")) {
    patchAccessLog(stage, verb, path, value);
    return;
  }
  if (path.startsWith("/canarySettings")) {
    throw badRequest(
      "canarySettings are not supported by local AWS: leave them out and shift traffic with a Lambda alias.",
    );
  }
  const setting = METHOD_SETTING.exec(path);
  if (setting !== null && verb !== "remove") {
    const key = `${setting[1]}/${setting[2]}`;
    stage.methodSettings ??= {};
    const current = stage.methodSettings[key] ?? stage.methodSettings["*/*"] ?? DEFAULT_SETTING;
    stage.methodSettings[key] = changed(state, current, setting[3] ?? "", value, path);
    return;
  }
  const key = METHOD_KEY.exec(path)?.[1];
  if (key !== undefined && verb === "remove") {
    if (stage.methodSettings?.[key] === undefined) {
      throw badRequest(`Cannot remove method setting ${key} because there is no method setting for this method `);
    }
    delete stage.methodSettings[key];
    return;
  }
  patchMember(state, apiId, stage, verb, path, value);
}

function patchMember(
  state: ApiState,
  apiId: string,
  stage: StageRecord,
  verb: string,
  path: string,
  value: string,
): void {
  switch (path) {
    case "/deploymentId":
      if (!state.deployments.has(`${apiId}/${value}`)) {
        throw badRequest("Deployment id does not exist");
      }
      stage.deploymentId = value;
      return;
    case "/description":
      stage.description = verb === "remove" ? undefined : value;
      return;
    case "/tracingEnabled":
      stage.tracingEnabled = value === "true";
      return;
    case "/cacheClusterEnabled":
      if (value === "true") {
        throw badRequest("cacheClusterEnabled is not supported by local AWS: there are no cache clusters here.");
      }
      stage.cacheClusterEnabled = false;
      return;
    case "/cacheClusterSize":
      stage.cacheClusterSize = value as StageRecord["cacheClusterSize"];
      return;
    case "/clientCertificateId":
      if (value !== "" && verb !== "remove") {
        throw badRequest("clientCertificateId is not supported by local AWS: no integration here is called over TLS.");
      }
      return;
    case "/documentationVersion":
      if (value !== "" && verb !== "remove") {
        throw badRequest(
          "documentationVersion is not supported by local AWS: there are no documentation versions here.",
        );
      }
      return;
    default:
      throw badRequest(`Invalid method setting path: ${path}. Must be one of: ${PATHS}`);
  }
}

function patchVariable(stage: StageRecord, name: string, verb: string, value: string): void {
  const variables = { ...stage.variables };
  if (verb === "remove") {
    delete variables[name];
  } else {
    checkStageVariable(name, value);
    variables[name] = value;
  }
  stage.variables = filled(variables);
}

function patchAccessLog(stage: StageRecord, verb: string, path: string, value: string): void {
  if (path === "/accessLogSettings" && verb === "remove") {
    stage.accessLogSettings = undefined;
  } else if (path === "/accessLogSettings/destinationArn" && verb !== "remove") {
    // AWS takes the ARN of a log group with or without its ":*" and keeps it without.
    stage.accessLogSettings = { ...stage.accessLogSettings, destinationArn: value.replace(/:\*$/, "") };
  } else if (path === "/accessLogSettings/format" && verb !== "remove") {
    stage.accessLogSettings = { ...stage.accessLogSettings, format: value };
  } else {
    throw refusedVerb(verb, path);
  }
}

function checkAccessLog(state: ApiState, settings: { destinationArn?: string; format?: string }): void {
  const { destinationArn = "", format = "" } = settings;
  requireLogRole(state);
  if (destinationArn.startsWith("arn:aws:firehose:")) {
    throw badRequest("Access logs to Firehose are not supported by local AWS: use the ARN of a CloudWatch log group.");
  }
  if (!/^arn:aws[a-z-]*:logs:[^:]+:\d{12}:log-group:[A-Za-z0-9_\-/.#]+$/.test(destinationArn)) {
    throw badRequest(
      `Invalid ARN specified in the request. ARNs must start with 'arn:' and name a CloudWatch log group: ${destinationArn}`,
    );
  }
  if (/\n./s.test(format)) {
    throw badRequest(
      "Access Log format must be a single line, new line character is allowed only at end of the format",
    );
  }
  if (format !== "" && !/\$context\.(requestId|extendedRequestId)\b/.test(format)) {
    throw badRequest("Access log format must contain at least $context.requestId or $context.extendedRequestId");
  }
}

/** Both kinds of logs need a role in the account's settings, as on AWS. */
function requireLogRole(state: ApiState): void {
  if (state.logRoleArn === undefined) {
    throw badRequest("CloudWatch Logs role ARN must be set in account settings to enable logging");
  }
}

const DEFAULT_SETTING: MethodSetting = {
  metricsEnabled: false,
  dataTraceEnabled: false,
  throttlingBurstLimit: 5000,
  throttlingRateLimit: 10_000,
  cachingEnabled: false,
  cacheTtlInSeconds: 300,
  cacheDataEncrypted: false,
  requireAuthorizationForCacheControl: true,
  unauthorizedCacheControlHeaderStrategy: "SUCCEED_WITH_RESPONSE_HEADER",
};

function changed(state: ApiState, current: MethodSetting, setting: string, value: string, path: string): MethodSetting {
  switch (setting) {
    case "metrics/enabled":
      return { ...current, metricsEnabled: value === "true" };
    case "logging/dataTrace":
      return { ...current, dataTraceEnabled: value === "true" };
    case "logging/loglevel":
      if (value !== "OFF" && value !== "ERROR" && value !== "INFO") {
        throw badRequest(`Invalid logging level: ${value}. Must be one of: [OFF, ERROR, INFO]`);
      }
      if (value !== "OFF") {
        requireLogRole(state);
      }
      return { ...current, loggingLevel: value };
    case "throttling/burstLimit":
      return { ...current, throttlingBurstLimit: Math.trunc(limit(value, path)) };
    case "throttling/rateLimit":
      return { ...current, throttlingRateLimit: limit(value, path) };
    case "caching/enabled":
      return { ...current, cachingEnabled: value === "true" };
    case "caching/ttlInSeconds":
      return { ...current, cacheTtlInSeconds: Math.trunc(limit(value, path)) };
    case "caching/dataEncrypted":
      return { ...current, cacheDataEncrypted: value === "true" };
    case "caching/requireAuthorizationForCacheControl":
      return { ...current, requireAuthorizationForCacheControl: value === "true" };
    case "caching/unauthorizedCacheControlHeaderStrategy":
      return {
        ...current,
        unauthorizedCacheControlHeaderStrategy: value as MethodSetting["unauthorizedCacheControlHeaderStrategy"],
      };
    default:
      throw badRequest(`Invalid method setting path: ${path}. Must be one of: ${PATHS}`);
  }
}

/** A limit; -1 means none, as the Terraform provider sends it. */
function limit(value: string, path: string): number {
  const number = Number(value);
  if (value === "" || !Number.isFinite(number) || number < -1) {
    throw badRequest(`Invalid value ${value} for method setting path ${path}`);
  }
  return number;
}

function refusedVerb(verb: string, path: string): Error {
  return badRequest(`Invalid patch path  '${path}' specified for op '${verb}'. Please choose supported operations`);
}
