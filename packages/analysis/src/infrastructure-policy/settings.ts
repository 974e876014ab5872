import type { InfrastructureFinding } from "@slipway/contracts";
import { type FindingWords, finding } from "./finding.ts";
import { narrows } from "./narrowing.ts";
import { parsePolicyDocument } from "./policy-document.ts";
import { demand, type Looked, look, type ResourceView, unknownFinding } from "./resource-view.ts";
import type { ResourceViews } from "./resource-views.ts";

type Rule = (view: ResourceView, all: ResourceViews, isProtected: boolean) => InfrastructureFinding[];

/**
 * Settings that production needs.
 *
 * @param isProtected whether the environment's data must outlive a mistake: deletion protection, recovery and versions are demanded
 *   there only, everything else everywhere
 */
export function judgeSettings(view: ResourceView, all: ResourceViews, isProtected: boolean): InfrastructureFinding[] {
  return RULES[view.type]?.(view, all, isProtected) ?? [];
}

const RULES: Readonly<Record<string, Rule>> = {
  aws_dynamodb_table: judgeTable,
  aws_s3_bucket: judgeBucket,
  aws_kms_key: (view) =>
    setting(view, ["enable_key_rotation"], isTrue, {
      id: "settings.key-rotation",
      severity: "medium",
      reason: "The key is never rotated, so a leaked one opens everything that was ever written.",
      next: "set enable_key_rotation = true",
    }),
  aws_cloudwatch_log_group: (view) =>
    setting(view, ["retention_in_days"], (value) => typeof value === "number" && value > 0, {
      id: "settings.retention",
      severity: "medium",
      reason: "The log group keeps everything for ever: it only gets dearer, and keeps what should be forgotten.",
      next: "set retention_in_days",
    }),
  aws_sqs_queue: (view) => encrypted(view, "queue", ["sqs_managed_sse_enabled"], ["kms_master_key_id"]),
  aws_sns_topic: (view) => encrypted(view, "topic", ["kms_master_key_id"]),
  aws_api_gateway_stage: judgeStage,
};

function judgeTable(view: ResourceView, _all: ResourceViews, isProtected: boolean): InfrastructureFinding[] {
  const encryption = setting(view, ["server_side_encryption", 0, "enabled"], isTrue, {
    id: "settings.encryption",
    severity: "medium",
    reason:
      "The table is encrypted with a key of AWS's, to which nobody can refuse access and whose use nobody can see.",
    next: "add server_side_encryption with enabled = true and a kms_key_arn",
  });
  if (!isProtected) {
    return encryption;
  }
  return [
    ...encryption,
    ...setting(view, ["deletion_protection_enabled"], isTrue, {
      id: "settings.deletion-protection",
      severity: "high",
      reason: "One wrong plan deletes the table with all of its data.",
      next: "set deletion_protection_enabled = true",
    }),
    ...setting(view, ["point_in_time_recovery", 0, "enabled"], isTrue, {
      id: "settings.point-in-time-recovery",
      severity: "high",
      reason: "What a bad release overwrites in the table cannot be brought back.",
      next: "set point_in_time_recovery with enabled = true",
    }),
  ];
}

function judgeBucket(view: ResourceView, all: ResourceViews, isProtected: boolean): InfrastructureFinding[] {
  return [
    ...companion(view, all, "aws_s3_bucket_server_side_encryption_configuration", hasAlgorithm, {
      id: "settings.encryption",
      severity: "medium",
      reason: "Nothing says how the bucket's objects are encrypted.",
      next: "add an aws_s3_bucket_server_side_encryption_configuration",
    }),
    ...companion(view, all, "aws_s3_bucket_policy", demandsTls, {
      id: "settings.tls-only",
      severity: "medium",
      reason: "The bucket answers over plain HTTP, where everybody on the way reads along.",
      next: "deny s3:* where aws:SecureTransport is false, in an aws_s3_bucket_policy",
    }),
    ...(isProtected ? judgeProtectedBucket(view, all) : []),
  ];
}

function judgeProtectedBucket(view: ResourceView, all: ResourceViews): InfrastructureFinding[] {
  return [
    ...companion(view, all, "aws_s3_bucket_versioning", isVersioned, {
      id: "settings.versioning",
      severity: "medium",
      reason: "An overwritten or deleted object of the bucket is gone.",
      next: 'add an aws_s3_bucket_versioning with status = "Enabled"',
    }),
    ...setting(view, ["force_destroy"], (value) => value !== true, {
      id: "settings.force-destroy",
      severity: "high",
      reason: "A destroy deletes the bucket with everything in it.",
      next: "set force_destroy = false; a destruction lifts it first",
    }),
    ...(receivesAccessLogs(view, all)
      ? []
      : companion(view, all, "aws_s3_bucket_logging", () => true, {
          id: "settings.access-logs",
          severity: "low",
          reason: "Nobody can find out who read or wrote the bucket's objects.",
          next: "add an aws_s3_bucket_logging to a bucket for logs",
        })),
  ];
}

/** A bucket that logs into itself would log its own logs. */
function receivesAccessLogs(view: ResourceView, all: ResourceViews): boolean {
  const owner = { module: view.module, name: look(view, "bucket") };
  return all.companionsOf("aws_s3_bucket_logging", "target_bucket", owner).found.length > 0;
}

function judgeStage(view: ResourceView, all: ResourceViews): InfrastructureFinding[] {
  const { address } = view;
  const logs = setting(view, ["access_log_settings"], (value) => Array.isArray(value) && value.length > 0, {
    id: "settings.access-logs",
    severity: "medium",
    reason: "The stage writes no access log: what the gateway answered, and to whom, is lost.",
    next: "add access_log_settings",
  });
  const words = {
    id: "settings.throttling",
    severity: "medium",
    reason: "The stage takes as many requests as the account does, so one client can use up what all APIs share.",
    next: 'add an aws_api_gateway_method_settings for "*/*" with throttling_rate_limit and throttling_burst_limit',
  } as const;
  const owner = { module: view.module, name: look(view, "rest_api_id") };
  const { found, maybe } = all.companionsOf("aws_api_gateway_method_settings", "rest_api_id", owner);
  const limits = found.map((each) => ({
    path: look(each, "method_path"),
    stage: look(each, "stage_name"),
    rate: look(each, "settings", 0, "throttling_rate_limit"),
  }));
  const stage = look(view, "stage_name");
  const ofStage = limits.filter(({ path, stage: other }) => same(stage, other) && path.known && path.value === "*/*");
  if (ofStage.some(({ rate }) => rate.known && Number(rate.value) > 0)) {
    return logs;
  }
  const open = maybe || ofStage.some(({ rate }) => !rate.known);
  return [...logs, open ? unknownFinding({ address }, words) : finding({ address }, words)];
}

function same(left: Looked, right: Looked): boolean {
  return left.known && right.known && left.value === right.value;
}

/** Something that belongs to the bucket, and is as it must be. */
function companion(
  view: ResourceView,
  all: ResourceViews,
  type: string,
  isGood: (each: ResourceView) => boolean | undefined,
  words: FindingWords,
): InfrastructureFinding[] {
  const { found, maybe } = all.companionsOf(type, "bucket", { module: view.module, name: look(view, "bucket") });
  const verdicts = found.map(isGood);
  if (verdicts.includes(true)) {
    return [];
  }
  const place = { address: view.address };
  return [maybe || verdicts.includes(undefined) ? unknownFinding(place, words) : finding(place, words)];
}

function hasAlgorithm(each: ResourceView): boolean | undefined {
  // A set: its only element is at no certain place in a plan, but there is only one.
  const rules = look(each, "rule");
  return rules.known ? /"sse_algorithm":"[^"]/.test(JSON.stringify(rules.value ?? [])) : undefined;
}

function isVersioned(each: ResourceView): boolean | undefined {
  const status = look(each, "versioning_configuration", 0, "status");
  return status.known ? status.value === "Enabled" : undefined;
}

function demandsTls(each: ResourceView): boolean | undefined {
  const policy = look(each, "policy");
  if (!policy.known) {
    return undefined;
  }
  return (parsePolicyDocument(policy.value)?.statements ?? []).some(
    (statement) =>
      statement.effect === "Deny" &&
      statement.principals.some(({ id }) => id === "*") &&
      statement.actions.some((action) => /^(s3:)?\*$/.test(action)) &&
      narrows(statement, (key) => key === "aws:securetransport") &&
      statement.conditions.every(({ values }) => values.every((value) => value.toLowerCase() === "false")),
  );
}

/** One of the arguments says how it is encrypted. */
function encrypted(view: ResourceView, what: string, ...paths: readonly string[][]): InfrastructureFinding[] {
  const words = {
    id: "settings.encryption",
    severity: "medium",
    reason: `What is in the ${what} is not encrypted where it is kept.`,
    next: `set ${paths.map(([argument]) => argument).join(" or ")}`,
  } as const;
  const looked = paths.map((path) => look(view, ...path));
  if (
    looked.some((each) => each.known && (each.value === true || (typeof each.value === "string" && each.value !== "")))
  ) {
    return [];
  }
  const place = { address: view.address };
  return looked.some(({ known }) => !known) ? [unknownFinding(place, words)] : [finding(place, words)];
}

function setting(
  view: ResourceView,
  path: readonly (string | number)[],
  isGood: (value: unknown) => boolean,
  words: FindingWords,
): InfrastructureFinding[] {
  return demand({ address: view.address, attribute: String(path[0]) }, look(view, ...path), isGood, words);
}

function isTrue(value: unknown): boolean {
  return value === true;
}
