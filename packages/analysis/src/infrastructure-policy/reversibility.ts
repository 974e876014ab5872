import type { PlannedResource } from "@slipway/contracts";
import type { PlannedChange } from "./plan-json.ts";
import { isRecord } from "./resource-view.ts";
import { isMarked } from "./sensitive-values.ts";
import { STATEFUL } from "./stateful.ts";

export type Reversibility = Required<Pick<PlannedResource, "isReversible">> &
  Pick<PlannedResource, "lost" | "destroys">;

/**
 * What its arguments describe wholly, and its name tells from all others: made anew it is what it was. Of everything that is not listed
 * here nobody knows that.
 */
const REMADE: ReadonlySet<string> = new Set([
  "aws_api_gateway_base_path_mapping",
  "aws_api_gateway_gateway_response",
  "aws_api_gateway_integration",
  "aws_api_gateway_integration_response",
  "aws_api_gateway_method",
  "aws_api_gateway_method_response",
  "aws_api_gateway_method_settings",
  "aws_api_gateway_model",
  "aws_api_gateway_request_validator",
  "aws_api_gateway_stage",
  "aws_api_gateway_usage_plan_key",
  "aws_appautoscaling_policy",
  "aws_appautoscaling_scheduled_action",
  "aws_appautoscaling_target",
  "aws_cloudwatch_composite_alarm",
  "aws_cloudwatch_dashboard",
  "aws_cloudwatch_event_rule",
  "aws_cloudwatch_event_target",
  "aws_cloudwatch_log_metric_filter",
  "aws_cloudwatch_log_resource_policy",
  "aws_cloudwatch_log_subscription_filter",
  "aws_cloudwatch_metric_alarm",
  "aws_cloudwatch_query_definition",
  "aws_dynamodb_resource_policy",
  "aws_iam_policy",
  "aws_iam_role_policy",
  "aws_iam_role_policy_attachment",
  "aws_kms_alias",
  "aws_kms_key_policy",
  "aws_lambda_alias",
  "aws_lambda_function_event_invoke_config",
  "aws_lambda_permission",
  "aws_lambda_provisioned_concurrency_config",
  "aws_s3_bucket_cors_configuration",
  "aws_s3_bucket_logging",
  "aws_s3_bucket_notification",
  "aws_s3_bucket_ownership_controls",
  "aws_s3_bucket_policy",
  "aws_s3_bucket_public_access_block",
  "aws_s3_bucket_server_side_encryption_configuration",
  "aws_s3_bucket_versioning",
  "aws_scheduler_schedule",
  "aws_scheduler_schedule_group",
  "aws_sns_topic_policy",
  "aws_sqs_queue_policy",
  "aws_sqs_queue_redrive_policy",
  "terraform_data",
]);

/** What goes with one of these beside its id, where that has to be said. */
const GOES_WITH: Readonly<Record<string, string>> = {
  aws_api_gateway_deployment: "the snapshot of the API that the deployment is; a new one has another id",
  aws_api_gateway_rest_api: "the API's id, and with it its URL",
  aws_cognito_user_pool: "the users of the pool",
  aws_iam_role: "the role's unique id, by which policies elsewhere know it",
  aws_iam_user: "the user's unique id and access keys",
  aws_kms_key: "the key, and everything that is encrypted with it",
  aws_lambda_function: "the function's published versions",
  aws_sns_topic: "subscriptions that somebody has confirmed",
};

/** Whether what a change takes away can be brought back by a later plan, and what not. */
export function reversibilityOf(
  {
    type,
    change,
  }: Pick<PlannedChange, "type" | "change"> & {
    readonly change: { readonly before_sensitive?: unknown };
  },
  action: PlannedResource["action"],
): Reversibility {
  if (action === "destroy" || action === "replace") {
    const what = STATEFUL[type];
    if (what !== undefined) {
      const name = nameOf(change);
      const lost = GOES_WITH[type] ?? `the ${what}, with what is in it`;
      return { isReversible: false, lost, destroys: { what, ...(name === undefined ? {} : { name }) } };
    }
    return REMADE.has(type)
      ? { isReversible: true }
      : {
          isReversible: false,
          lost: GOES_WITH[type] ?? "whatever AWS keeps of it beside its arguments, its id included",
        };
  }
  return lossByUpdate(type, change, action) ?? { isReversible: true };
}

/**
 * Arguments of what holds data that say nothing about the data: set back, they are what they were.
 */
const HARMLESS: ReadonlySet<string> = new Set([
  "deletion_window_in_days",
  "description",
  "enable_key_rotation",
  "force_destroy",
  "is_enabled",
  "policy",
  "tags",
  "tags_all",
]);

/** Of these services many arguments let AWS delete something. */
const OPAQUE = /^aws_(s3|kms|cognito)_/;

/** What an update takes away that setting the argument back does not return; undefined where nothing is known to be lost. */
function lossByUpdate(
  type: string,
  change: PlannedChange["change"] & { readonly before_sensitive?: unknown; readonly after_sensitive?: unknown },
  action: PlannedResource["action"],
): Reversibility | undefined {
  const [old, now] = [change.before, change.after].map((each) => (isRecord(each) ? each : {}));
  if (type === "aws_s3_bucket_lifecycle_configuration") {
    return expiringLoss(change, old?.rule, now?.rule);
  }
  if (action !== "change" && action !== "import") {
    return undefined;
  }
  const of = (lost: string, what: string): Reversibility => {
    const name = nameOf(change);
    return { isReversible: false, lost, destroys: { what, ...(name === undefined ? {} : { name }) } };
  };
  switch (type) {
    case "aws_cloudwatch_log_group":
      return isShorter(old?.retention_in_days, now?.retention_in_days)
        ? of(`log events that are older than ${now?.retention_in_days} days`, "older events of the log group")
        : undefined;
    case "aws_sqs_queue":
      return isShorter(old?.message_retention_seconds, now?.message_retention_seconds)
        ? of(`messages that are older than ${now?.message_retention_seconds} seconds`, "older messages of the queue")
        : undefined;
    case "aws_dynamodb_table": {
      const expires = !isOn(old?.ttl) && isOn(now?.ttl);
      const losses = [
        ...(isOn(old?.point_in_time_recovery) && !isOn(now?.point_in_time_recovery)
          ? ["every earlier second that the table could be restored to"]
          : []),
        ...(expires ? ["items whose time to live has passed"] : []),
      ];
      const what = expires ? "expiring items of the table" : "point-in-time recovery of the table";
      return losses.length === 0 ? undefined : of(losses.join(", and "), what);
    }
  }
  const names = [...new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {})])];
  const changed = names.filter((name) => JSON.stringify(old?.[name] ?? null) !== JSON.stringify(now?.[name] ?? null));
  return OPAQUE.test(type) && !REMADE.has(type) && changed.some((name) => !HARMLESS.has(name))
    ? { isReversible: false, lost: "what AWS deletes for the new values, if anything: nobody has listed that" }
    : undefined;
}

/** Rules that delete objects, where they are new. Of a bucket whose name is not known yet there are no objects. */
function expiringLoss(
  { after, after_sensitive: before_sensitive }: PlannedChange["change"] & { readonly after_sensitive?: unknown },
  old: unknown,
  now: unknown,
): Reversibility | undefined {
  const before = new Set(expiring(old));
  if (!isRecord(after) || after.bucket === undefined || expiring(now).every((rule) => before.has(rule))) {
    return undefined;
  }
  const name = nameOf({ before: { bucket: after.bucket }, before_sensitive });
  const destroys = { what: "expiring objects of the bucket", ...(name === undefined ? {} : { name }) };
  return { isReversible: false, lost: "objects that its rules let expire", destroys };
}

function expiring(rules: unknown): string[] {
  const deletes = (rule: unknown) =>
    isRecord(rule) &&
    [rule.expiration, rule.noncurrent_version_expiration].some((each) => Array.isArray(each) && each.length > 0);
  return (Array.isArray(rules) ? rules : []).filter(deletes).map((rule) => JSON.stringify(rule));
}

/** Nothing, and 0, mean for ever. */
function isShorter(old: unknown, now: unknown): boolean {
  return typeof now === "number" && now > 0 && (typeof old !== "number" || old === 0 || now < old);
}

/** A block with `enabled`, as the provider has it: a list of at most one. */
function isOn(block: unknown): boolean {
  const [first] = Array.isArray(block) ? block : [];
  return isRecord(first) && first.enabled === true;
}

function nameOf({
  before,
  before_sensitive: sensitive,
}: Pick<PlannedChange["change"], "before"> & { readonly before_sensitive?: unknown }): string | undefined {
  if (!isRecord(before)) {
    return undefined;
  }
  const isHidden = (attribute: string) => sensitive === true || (isRecord(sensitive) && isMarked(sensitive[attribute]));
  const key = ["name", "bucket", "id"].find(
    (each) => typeof before[each] === "string" && before[each] !== "" && !isHidden(each),
  );
  return key === undefined ? undefined : String(before[key]);
}
