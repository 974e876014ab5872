import { GetStageCommand } from "@aws-sdk/client-api-gateway";
import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { DescribeContinuousBackupsCommand, DescribeTableCommand } from "@aws-sdk/client-dynamodb";
import { DescribeKeyCommand, GetKeyRotationStatusCommand } from "@aws-sdk/client-kms";
import { GetAliasCommand, GetFunctionCommand } from "@aws-sdk/client-lambda";
import {
  GetBucketEncryptionCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { LiveCheck, LiveFinding, StateResource } from "@slipway/release-engine";
import type { LiveClients } from "./live-clients.ts";

/** Looks at one resource. Throws what the SDK throws. */
export type Look = (
  clients: LiveClients,
  resource: StateResource,
  options: { readonly abortSignal?: AbortSignal },
) => Promise<readonly LiveFinding[]>;

/** A demand that is met or not, by what was found. */
function demand(check: LiveCheck, title: string, isMet: boolean, found: string, next: string): LiveFinding {
  return isMet ? { check, title, status: "pass", found } : { check, title, status: "fail", found, next };
}

const text = (resource: StateResource, attribute: string): string => {
  const value = resource.attributes[attribute];
  return typeof value === "string" ? value : (resource.id ?? "");
};

const lookAtFunction: Look = async ({ lambda }, resource, options) => {
  const FunctionName = text(resource, "function_name");
  // What Terraform reads, too: whoever may plan may look.
  const { Configuration = {} } = await lambda.send(new GetFunctionCommand({ FunctionName }), options);
  const { State, LastUpdateStatus, StateReason, LastUpdateStatusReason, Runtime } = Configuration;
  const reason = StateReason ?? LastUpdateStatusReason;
  return [
    demand(
      "function-active",
      "The function is active, and its last update has succeeded",
      State === "Active" && LastUpdateStatus === "Successful",
      `state ${State}, last update ${LastUpdateStatus}${reason === undefined ? "" : ` (${reason})`}, ${Runtime}`,
      `aws lambda get-function-configuration --function-name ${FunctionName}`,
    ),
  ];
};

const lookAtAlias: Look = async ({ lambda }, resource, options) => {
  const FunctionName = text(resource, "function_name");
  const Name = text(resource, "name");
  const { FunctionVersion = "", RoutingConfig } = await lambda.send(
    new GetAliasCommand({ FunctionName, Name }),
    options,
  );
  const weights = Object.entries(RoutingConfig?.AdditionalVersionWeights ?? {});
  return [
    demand(
      "alias-settled",
      "The alias points to one published version",
      /^\d+$/.test(FunctionVersion) && weights.length === 0,
      weights.length === 0
        ? `${Name} of ${FunctionName} points to version ${FunctionVersion}`
        : `${Name} of ${FunctionName} points to version ${FunctionVersion}, and ${weights.map(([version, weight]) => `${weight * 100} % to ${version}`).join(", ")}`,
      "let the canary that is under way come to its end, or put the alias back",
    ),
  ];
};

const lookAtTable: Look = async ({ dynamodb }, resource, options) => {
  const TableName = text(resource, "name");
  const [{ Table }, { ContinuousBackupsDescription }] = await Promise.all([
    dynamodb.send(new DescribeTableCommand({ TableName }), options),
    dynamodb.send(new DescribeContinuousBackupsCommand({ TableName }), options),
  ]);
  const indexes = (Table?.GlobalSecondaryIndexes ?? []).filter(({ IndexStatus }) => IndexStatus !== "ACTIVE");
  const recovery = ContinuousBackupsDescription?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
  const wantsRecovery = JSON.stringify(resource.attributes.point_in_time_recovery ?? []).includes('"enabled":true');
  const wantsProtection = resource.attributes.deletion_protection_enabled === true;
  return [
    demand(
      "table-active",
      "The table and its indexes are active",
      Table?.TableStatus === "ACTIVE" && indexes.length === 0,
      `${TableName} is ${Table?.TableStatus}${indexes.map(({ IndexName, IndexStatus }) => `, its index ${IndexName} ${IndexStatus}`).join("")}`,
      `aws dynamodb describe-table --table-name ${TableName}`,
    ),
    demand(
      "table-recoverable",
      "The table can be brought back as its configuration says",
      (!wantsRecovery || recovery === "ENABLED") && (!wantsProtection || Table?.DeletionProtectionEnabled === true),
      `point-in-time recovery ${recovery ?? "unknown"}, deletion protection ${Table?.DeletionProtectionEnabled ? "on" : "off"}`,
      "apply the infrastructure: it is what turns them on",
    ),
    demand(
      "table-encrypted",
      "The table is encrypted with a key of the account",
      Table?.SSEDescription?.Status === "ENABLED",
      Table?.SSEDescription?.KMSMasterKeyArn ?? "encrypted with a key that DynamoDB owns",
      "give the table a KMS key",
    ),
  ];
};

const lookAtStage: Look = async ({ apigateway }, resource, options) => {
  const restApiId = text(resource, "rest_api_id");
  const stageName = text(resource, "stage_name");
  const stage = await apigateway.send(new GetStageCommand({ restApiId, stageName }), options);
  const { throttlingRateLimit = 0 } = stage.methodSettings?.["*/*"] ?? {};
  return [
    demand(
      "stage-deployed",
      "The stage serves a deployment",
      stage.deploymentId !== undefined,
      `${stageName} of ${restApiId} serves deployment ${stage.deploymentId ?? "none"}`,
      `aws apigateway get-stage --rest-api-id ${restApiId} --stage-name ${stageName}`,
    ),
    demand(
      "stage-throttled",
      "The stage limits requests and logs them",
      throttlingRateLimit > 0 && stage.accessLogSettings?.destinationArn !== undefined,
      `${throttlingRateLimit} requests/s, access log ${stage.accessLogSettings?.destinationArn ?? "none"}`,
      "give the stage throttling and an access log",
    ),
  ];
};

/** What S3 answers with an error of its own where nothing is configured. */
async function unlessUnset<T>(answer: Promise<T>, name: string): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof Error && error.name === name) {
      return undefined;
    }
    throw error;
  }
}

const lookAtBucket: Look = async ({ s3 }, resource, options) => {
  const Bucket = text(resource, "bucket");
  const [block, versioning, encryption] = await Promise.all([
    unlessUnset(s3.send(new GetPublicAccessBlockCommand({ Bucket }), options), "NoSuchPublicAccessBlockConfiguration"),
    s3.send(new GetBucketVersioningCommand({ Bucket }), options),
    unlessUnset(
      s3.send(new GetBucketEncryptionCommand({ Bucket }), options),
      "ServerSideEncryptionConfigurationNotFoundError",
    ),
  ]);
  const blocks = Object.values(block?.PublicAccessBlockConfiguration ?? {});
  const algorithm =
    encryption?.ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm;
  return [
    demand(
      "bucket-private",
      "The bucket is private, versioned and encrypted",
      blocks.length === 4 &&
        blocks.every((on) => on === true) &&
        versioning.Status === "Enabled" &&
        algorithm !== undefined,
      `public access blocked by ${blocks.filter((on) => on === true).length} of 4 settings, versioning ${versioning.Status ?? "off"}, encryption ${algorithm ?? "none"}`,
      "apply the infrastructure: it is what sets them",
    ),
  ];
};

const lookAtAlarm: Look = async ({ cloudwatch }, resource, options) => {
  const name = text(resource, "alarm_name");
  const answer = await cloudwatch.send(
    new DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }),
    options,
  );
  const alarm = [...(answer.MetricAlarms ?? []), ...(answer.CompositeAlarms ?? [])][0];
  const state = alarm?.StateValue ?? "missing";
  const acts = alarm !== undefined && alarm.ActionsEnabled !== false;
  const finding = demand(
    "alarm-quiet",
    "The alarm exists, acts, and is quiet",
    acts && state !== "ALARM",
    `${name} is ${state}${alarm?.ActionsEnabled === false ? ", its actions are off" : ""}${state === "INSUFFICIENT_DATA" ? " (no traffic to judge by yet)" : ""}`,
    `aws cloudwatch describe-alarms --alarm-names ${name}`,
  );
  return [acts && state === "ALARM" ? { ...finding, ringing: name } : finding];
};

const lookAtLogGroup: Look = async ({ logs }, resource, options) => {
  const name = text(resource, "name");
  const { logGroups = [] } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: name }), options);
  const group = logGroups.find(({ logGroupName }) => logGroupName === name);
  const kept = group?.retentionInDays === undefined ? "for ever" : `for ${group.retentionInDays} days`;
  return [
    demand(
      "logs-kept",
      "The log group exists, and forgets in time",
      group?.retentionInDays !== undefined,
      group === undefined ? `${name} is missing` : `${name} keeps what is written ${kept}`,
      "apply the infrastructure: it sets the retention",
    ),
  ];
};

const lookAtKey: Look = async ({ kms }, resource, options) => {
  const KeyId = resource.id ?? "";
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId }), options);
  const isEnabled = KeyMetadata?.KeyState === "Enabled";
  // KMS rotates nothing else by itself, and refuses the question.
  const { KeySpec = "SYMMETRIC_DEFAULT", Origin = "AWS_KMS" } = KeyMetadata ?? {};
  const canRotate = KeySpec === "SYMMETRIC_DEFAULT" && Origin === "AWS_KMS";
  const rotation =
    isEnabled && canRotate ? await kms.send(new GetKeyRotationStatusCommand({ KeyId }), options) : undefined;
  const rotates = rotation?.KeyRotationEnabled === true;
  return [
    demand(
      "key-usable",
      "The key is enabled and rotates",
      isEnabled && (rotates || !canRotate),
      `state ${KeyMetadata?.KeyState}${!isEnabled ? "" : canRotate ? `, rotation ${rotates ? "on" : "off"}` : `, and a key of this kind (${KeySpec}, ${Origin}) does not rotate`}`,
      `aws kms describe-key --key-id ${KeyId}`,
    ),
  ];
};

const lookAtQueue: Look = async ({ sqs }, resource, options) => {
  const QueueUrl = resource.id ?? "";
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }),
    options,
  );
  const waiting = Number(Attributes?.ApproximateNumberOfMessages ?? Number.NaN);
  return [
    demand(
      "queue-empty",
      "Nothing waits in the queue for failures",
      waiting === 0,
      `${waiting === 1 ? "1 message waits" : `${Number.isNaN(waiting) ? "an unknown number of" : waiting} messages wait`}`,
      `aws sqs receive-message --queue-url ${QueueUrl} --max-number-of-messages 10`,
    ),
  ];
};

/** What there is to look at, by Terraform's resource type. */
export const looks: Readonly<Record<string, Look>> = {
  aws_lambda_function: lookAtFunction,
  aws_lambda_alias: lookAtAlias,
  aws_dynamodb_table: lookAtTable,
  aws_api_gateway_stage: lookAtStage,
  aws_s3_bucket: lookAtBucket,
  aws_cloudwatch_metric_alarm: lookAtAlarm,
  aws_cloudwatch_composite_alarm: lookAtAlarm,
  aws_cloudwatch_log_group: lookAtLogGroup,
  aws_kms_key: lookAtKey,
  aws_sqs_queue: lookAtQueue,
};
