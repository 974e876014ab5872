import { AwsError } from "../../core/aws-error.ts";
import { serviceKeyNeeds } from "../../core/key-needs.ts";
import type { Operations } from "../../core/service.ts";
import type { LogGroup, LogGroupClass } from "./group-table.ts";
import {
  checkLimit,
  groupArn,
  invalidParameter,
  type Logs,
  type LogsState,
  nameFromIdentifier,
  pageOf,
  requireGroup,
  validateGroupName,
} from "./logs-state.ts";

const RETENTIONS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];
const MAX_PAGE = 50;
/** What CloudWatch Logs does with a group's key. */
const KEY_ACTIONS = ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey"];
/** Groups of class DELIVERY keep their events for this long, whatever is asked. */
const DELIVERY_RETENTION_DAYS = 2;

/** Log groups with their retention and encryption. */
export function groupOperations(state: LogsState): Operations<Logs> {
  const { groups } = state.store;
  return {
    CreateLogGroup({ logGroupName, kmsKeyId, tags = {}, logGroupClass = "STANDARD", deletionProtectionEnabled }) {
      state.ingest.flush();
      validateGroupName(logGroupName);
      if (!["STANDARD", "INFREQUENT_ACCESS", "DELIVERY"].includes(logGroupClass)) {
        throw invalidParameter(`Invalid log group class: ${logGroupClass}`);
      }
      checkKey(state, kmsKeyId, logGroupName ?? "");
      checkTags(tags);
      if (groups.find(logGroupName ?? "") !== undefined) {
        throw new AwsError("ResourceAlreadyExistsException", "The specified log group already exists");
      }
      groups.create({
        name: logGroupName ?? "",
        createdAt: Math.floor(state.core.clock.now()),
        logGroupClass: logGroupClass as LogGroupClass,
        kmsKeyId,
        retentionInDays: logGroupClass === "DELIVERY" ? DELIVERY_RETENTION_DAYS : undefined,
        deletionProtection: deletionProtectionEnabled ?? false,
        tags,
      });
      return {};
    },

    DeleteLogGroup({ logGroupName }) {
      const group = requireGroup(state, logGroupName);
      if (group.deletionProtection) {
        throw new AwsError(
          "ValidationException",
          "Log group has deletion protection enabled. Disable it before deleting the log group.",
        );
      }
      state.core.store.transaction(() => {
        state.filters.deleteAll(group.name);
        state.store.deleteGroup(group);
      });
      return {};
    },

    DescribeLogGroups(input) {
      state.ingest.flush();
      const { logGroupNamePrefix: prefix, logGroupNamePattern: pattern } = input;
      if (prefix !== undefined && pattern !== undefined) {
        throw invalidParameter("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.");
      }
      const wanted = input.logGroupIdentifiers?.map((identifier) => nameFromIdentifier(state.core, identifier));
      const found = groups
        .all()
        .filter(
          ({ name, logGroupClass }) =>
            name.startsWith(prefix ?? "") &&
            (pattern === undefined || name.includes(pattern)) &&
            (wanted === undefined || wanted.includes(name)) &&
            (input.logGroupClass === undefined || input.logGroupClass === logGroupClass),
        );
      const { items, next } = pageOf(found, input.nextToken, checkLimit(input.limit, MAX_PAGE, MAX_PAGE));
      const describe = pattern === undefined ? describeGroup : nameGroup;
      return { logGroups: items.map((group) => describe(state, group)), nextToken: next };
    },

    PutRetentionPolicy({ logGroupName, retentionInDays = 0 }) {
      const group = requireGroup(state, logGroupName);
      if (!RETENTIONS.includes(retentionInDays)) {
        throw invalidParameter(
          `1 validation error detected: Value '${retentionInDays}' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: [${RETENTIONS.join(", ")}]`,
        );
      }
      refuseDelivery(group);
      groups.update({ ...group, retentionInDays });
      return {};
    },

    DeleteRetentionPolicy({ logGroupName }) {
      const group = requireGroup(state, logGroupName);
      refuseDelivery(group);
      groups.update({ ...group, retentionInDays: undefined });
      return {};
    },

    AssociateKmsKey({ logGroupName, resourceIdentifier, kmsKeyId }) {
      const group = requireKeyedGroup(state, logGroupName, resourceIdentifier);
      checkKey(state, kmsKeyId ?? "", group.name);
      groups.update({ ...group, kmsKeyId });
      return {};
    },

    DisassociateKmsKey({ logGroupName, resourceIdentifier }) {
      const group = requireKeyedGroup(state, logGroupName, resourceIdentifier);
      groups.update({ ...group, kmsKeyId: undefined });
      return {};
    },

    PutLogGroupDeletionProtection({ logGroupIdentifier, deletionProtectionEnabled }) {
      const group = requireGroup(state, nameFromIdentifier(state.core, logGroupIdentifier));
      groups.update({ ...group, deletionProtection: deletionProtectionEnabled ?? false });
      return {};
    },
  };
}

/** @throws AwsError `InvalidParameterException` when there are too many tags, or malformed ones */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  const entries = Object.entries(tags);
  if (entries.length > 50) {
    throw new AwsError("TooManyTagsException", "A resource can have no more than 50 tags.");
  }
  for (const [key, value] of entries) {
    if (key === "" || key.length > 128 || value.length > 256 || /^aws:/i.test(key)) {
      throw invalidParameter(
        `1 validation error detected: the tag '${key}' is not valid: a key has 1 to 128 characters and does not start with aws:, a value has at most 256`,
      );
    }
  }
}

function describeGroup(state: LogsState, group: LogGroup) {
  const arn = groupArn(state.core, group.name);
  return {
    logGroupName: group.name,
    creationTime: group.createdAt,
    retentionInDays: group.retentionInDays,
    metricFilterCount: state.filters.ofGroup(group.name).length,
    arn: `${arn}:*`,
    logGroupArn: arn,
    storedBytes: state.store.storedBytes(group),
    kmsKeyId: group.kmsKeyId,
    logGroupClass: group.logGroupClass,
    deletionProtectionEnabled: group.deletionProtection,
  };
}

/** What a search by pattern tells of a group. */
function nameGroup({ core }: LogsState, { name, createdAt }: LogGroup) {
  return { logGroupName: name, creationTime: createdAt, arn: `${groupArn(core, name)}:*` };
}

function requireKeyedGroup(state: LogsState, name: string | undefined, identifier: string | undefined): LogGroup {
  if (name === undefined && identifier?.includes(":query-result:")) {
    throw new AwsError("NotImplemented", "Local AWS does not encrypt query results with a KMS key of their own.");
  }
  return requireGroup(state, name ?? nameFromIdentifier(state.core, identifier));
}

/**
 * A key must be there, and its policy must let CloudWatch Logs use it for the group.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
function checkKey(state: LogsState, kmsKeyId: string | undefined, group: string): void {
  if (kmsKeyId === undefined) {
    return;
  }
  const arn = groupArn(state.core, group);
  if (!/^arn:aws:kms:[^:]+:\d{12}:key\/.+$/.test(kmsKeyId) || !mayUseKey(state, kmsKeyId, arn)) {
    throw invalidParameter(`The specified KMS key does not exist or is not allowed to be used with Arn '${arn}'`);
  }
}

function mayUseKey({ core, keys }: LogsState, keyArn: string, arn: string): boolean {
  if (keys === undefined) {
    return true;
  }
  const service = { service: `logs.${core.region}.amazonaws.com`, sourceArn: arn };
  const use = { keyArn, actions: KEY_ACTIONS, encryptionContext: { "aws:logs:arn": arn } };
  return (
    keys.findKeyArn(keyArn) !== undefined &&
    serviceKeyNeeds(keys, use).every((need) => core.authorizer.decideForService(service, need).allowed)
  );
}

function refuseDelivery(group: LogGroup): void {
  if (group.logGroupClass === "DELIVERY") {
    throw invalidParameter("The retention of log groups of class DELIVERY cannot be changed.");
  }
}
