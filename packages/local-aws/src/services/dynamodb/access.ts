import type { AccessNeed, AccessNeeds, ConditionValues, ResourcePolicy } from "../../core/access.ts";
import type { Core } from "../../core/core.ts";
import { viaService } from "../../core/key-needs.ts";
import type { KeyDirectory } from "../../core/ports.ts";
import type { InputOf } from "../../core/service.ts";
import { attributeNames, selectOf } from "./attribute-names.ts";
import type { Backups } from "./backups.ts";
import type { DynamoDbModule } from "./control-plane.ts";
import type { KeyElement } from "./dynalite.ts";
import { leadingKeyOfItem, leadingKeyOfQuery } from "./leading-keys.ts";
import { tablePolicy } from "./resource-policy.ts";
import type { Table, TableRecord } from "./table.ts";
import type { Tables } from "./tables.ts";

/** What the needs are worked out from. */
export interface AccessFacts {
  readonly core: Pick<Core, "region" | "accountId">;
  readonly tables: Tables;
  readonly backups: Backups;
  readonly keys: KeyDirectory | undefined;
}

type RestoreInput = Pick<
  InputOf<DynamoDbModule, "RestoreTableToPointInTime">,
  "TargetTableName" | "SSESpecificationOverride"
>;

/** What is known of a table before a request comes: put together once, because every item operation asks for it. */
interface TableFacts {
  readonly arn: string;
  readonly keySchema: readonly KeyElement[];
  /** `aws:ResourceTag/...` */
  readonly tags: ConditionValues;
  /** The table's own policy, which counts for its indexes, too. */
  readonly policy: ResourcePolicy | undefined;
  /** The use of the table's own key that every operation on items makes; empty where DynamoDB owns the key. */
  readonly decrypt: readonly AccessNeed[];
}

/**
 * The permissions of DynamoDB.
 *
 * Operations on items of a table with a customer key decrypt the table's key in the caller's name. Transactions need the
 * permissions of what they do; batches have permissions of their own. Of the keys of fine-grained access control,
 * `dynamodb:LeadingKeys`, `Attributes`, `Select`, `ReturnValues`, `ReturnConsumedCapacity` and `EnclosingOperation` are known.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 */
export function dynamoDbAccess(facts: AccessFacts): AccessNeeds<DynamoDbModule> {
  const { tables, backups } = facts;
  const known = new WeakMap<Table, TableFacts>();

  const factsOf = (given: unknown): TableFacts => {
    const name = typeof given === "string" ? given : "";
    const table = tables.find(name) ?? tables.find(tables.nameOf(name));
    if (table === undefined) {
      return {
        arn: name.startsWith("arn:") ? name : tables.arnOf(name),
        keySchema: [],
        tags: {},
        policy: undefined,
        decrypt: [],
      };
    }
    let found = known.get(table);
    if (found === undefined) {
      found = tableFacts(facts, table);
      known.set(table, found);
    }
    return found;
  };

  const onTable =
    (operation: string) =>
    (input: { readonly TableName?: unknown }): readonly AccessNeed[] => {
      const { arn, tags, policy } = factsOf(input.TableName);
      return [{ action: `dynamodb:${operation}`, resource: arn, conditions: tags, resourcePolicy: policy }];
    };

  const onItem = (action: string, given: unknown, keys: readonly string[], more: ConditionValues) => {
    const { arn, tags, policy, decrypt } = factsOf(given);
    const need: AccessNeed = { action, resource: arn, conditions: withKeys(tags, keys, more), resourcePolicy: policy };
    return decrypt.length === 0 ? [need] : [need, ...decrypt];
  };

  const onOneItem =
    (action: string, isRead = false) =>
    (input: object): readonly AccessNeed[] => {
      const body = input as Readonly<Record<string, unknown>>;
      const { keySchema } = factsOf(body.TableName);
      const keys = leadingKeyOfItem(body.Item ?? body.Key, keySchema);
      return onItem(action, body.TableName, keys, optionsOf(body, isRead));
    };

  const onRead =
    (action: string) =>
    (input: object): readonly AccessNeed[] => {
      const body = input as Readonly<Record<string, unknown>>;
      const { arn, keySchema, tags, policy, decrypt } = factsOf(body.TableName);
      const index = typeof body.IndexName === "string" ? body.IndexName : undefined;
      const table = index === undefined ? undefined : tables.find(tables.nameOf(String(body.TableName)));
      const schema = table?.indexes.find(({ name }) => name === index)?.shape.KeySchema ?? keySchema;
      const need: AccessNeed = {
        action,
        resource: index === undefined ? arn : `${arn}/index/${index}`,
        conditions: withKeys(tags, leadingKeyOfQuery(body, schema), optionsOf(body, true)),
        resourcePolicy: policy,
      };
      return decrypt.length === 0 ? [need] : [need, ...decrypt];
    };

  const onBatch =
    (action: string, itemsOf: (request: unknown) => readonly unknown[]) =>
    (input: { readonly RequestItems?: unknown }): readonly AccessNeed[] =>
      Object.entries(mapOf(input.RequestItems)).flatMap(([name, request]) => {
        const { keySchema } = factsOf(name);
        const keys = itemsOf(request).flatMap((item) => leadingKeyOfItem(item, keySchema));
        const names = [
          ...itemsOf(request).flatMap((item) => Object.keys(mapOf(item))),
          ...attributeNames(mapOf(request)),
        ];
        return onItem(action, name, keys, {
          ...attributesCondition(names),
          ...(action === "dynamodb:BatchGetItem" ? { "dynamodb:Select": selectOf(mapOf(request)) } : {}),
        });
      });

  const onTransaction =
    (operation: string, actions: Readonly<Record<string, string>>) =>
    (input: { readonly TransactItems?: unknown }): readonly AccessNeed[] =>
      listOf(input.TransactItems).flatMap((entry) =>
        Object.entries(mapOf(entry)).flatMap(([kind, request]) => {
          const action = Object.hasOwn(actions, kind) ? actions[kind] : undefined;
          if (action === undefined) {
            return [];
          }
          const body = mapOf(request);
          const { keySchema } = factsOf(body.TableName);
          const keys = leadingKeyOfItem(body.Item ?? body.Key, keySchema);
          return onItem(action, body.TableName, keys, {
            ...attributesCondition(attributeNames(body)),
            ...(kind === "Get" ? { "dynamodb:Select": selectOf(body) } : {}),
            "dynamodb:EnclosingOperation": operation,
          });
        }),
      );

  /** The new table of a restore, with the key that it will be encrypted with: the source's, unless another is asked for. */
  const onRestored = (
    operation: string,
    { TargetTableName: name, SSESpecificationOverride: override }: RestoreInput,
    source: TableRecord | undefined,
  ): readonly AccessNeed[] => [
    ...[operation, ...RESTORING].map((action) => ({
      action: `dynamodb:${action}`,
      resource: tables.arnOf(tables.nameOf(String(name))),
    })),
    ...keyAdoption(facts, name, override ?? { Enabled: true, KMSMasterKeyId: source?.encryptionKeyArn }),
  ];

  return {
    CreateTable: (input) => {
      const { arn } = factsOf(input.TableName);
      const conditions = requestTags(input.Tags);
      return [
        { action: "dynamodb:CreateTable", resource: arn, conditions },
        ...(input.Tags === undefined || input.Tags.length === 0
          ? []
          : [{ action: "dynamodb:TagResource", resource: arn, conditions }]),
        ...keyAdoption(facts, input.TableName, input.SSESpecification),
      ];
    },
    UpdateTable: (input) => [
      ...onTable("UpdateTable")(input),
      ...keyAdoption(facts, input.TableName, input.SSESpecification),
    ],
    DescribeTable: onTable("DescribeTable"),
    DeleteTable: onTable("DeleteTable"),
    // The resource that AWS's own denials of it name.
    ListTables: () => [{ action: "dynamodb:ListTables", resource: tables.arnOf("*") }],
    UpdateTimeToLive: onTable("UpdateTimeToLive"),
    DescribeTimeToLive: onTable("DescribeTimeToLive"),
    DescribeKinesisStreamingDestination: onTable("DescribeKinesisStreamingDestination"),
    DescribeContributorInsights: onTable("DescribeContributorInsights"),
    UpdateContinuousBackups: onTable("UpdateContinuousBackups"),
    DescribeContinuousBackups: onTable("DescribeContinuousBackups"),
    CreateBackup: onTable("CreateBackup"),
    DescribeBackup: (input) => onBackup("DescribeBackup", input.BackupArn),
    DeleteBackup: (input) => onBackup("DeleteBackup", input.BackupArn),
    // No resource-level permissions, as AWS's reference has it.
    ListBackups: () => [{ action: "dynamodb:ListBackups", resource: "*" }],
    RestoreTableFromBackup: (input) => [
      ...onBackup("RestoreTableFromBackup", input.BackupArn),
      ...onRestored("RestoreTableFromBackup", input, backups.find(String(input.BackupArn))?.table),
    ],
    RestoreTableToPointInTime: (input) => {
      const source = input.SourceTableName ?? input.SourceTableArn;
      return [
        ...onTable("RestoreTableToPointInTime")({ TableName: source }),
        ...onRestored("RestoreTableToPointInTime", input, tables.find(tables.nameOf(String(source)))?.record),
      ];
    },
    // The rights on the bucket are asked for when its objects are written.
    ExportTableToPointInTime: (input) => onTable("ExportTableToPointInTime")({ TableName: input.TableArn }),
    DescribeExport: (input) => [{ action: "dynamodb:DescribeExport", resource: input.ExportArn ?? "*" }],
    ListExports: () => [{ action: "dynamodb:ListExports", resource: "*" }],
    TagResource: (input) => {
      const { arn, tags, policy: resourcePolicy } = factsOf(input.ResourceArn);
      const conditions = { ...tags, ...requestTags(input.Tags) };
      return [{ action: "dynamodb:TagResource", resource: arn, conditions, resourcePolicy }];
    },
    UntagResource: (input) => {
      const { arn, tags, policy: resourcePolicy } = factsOf(input.ResourceArn);
      const conditions = { ...tags, "aws:TagKeys": input.TagKeys };
      return [{ action: "dynamodb:UntagResource", resource: arn, conditions, resourcePolicy }];
    },
    PutResourcePolicy: (input) => onTable("PutResourcePolicy")({ TableName: input.ResourceArn }),
    GetResourcePolicy: (input) => onTable("GetResourcePolicy")({ TableName: input.ResourceArn }),
    DeleteResourcePolicy: (input) => onTable("DeleteResourcePolicy")({ TableName: input.ResourceArn }),
    ListTagsOfResource: (input) => onTable("ListTagsOfResource")({ TableName: input.ResourceArn }),

    GetItem: onOneItem("dynamodb:GetItem", true),
    PutItem: onOneItem("dynamodb:PutItem"),
    UpdateItem: onOneItem("dynamodb:UpdateItem"),
    DeleteItem: onOneItem("dynamodb:DeleteItem"),
    Query: onRead("dynamodb:Query"),
    Scan: onRead("dynamodb:Scan"),
    BatchGetItem: onBatch("dynamodb:BatchGetItem", (request) => listOf(mapOf(request).Keys)),
    BatchWriteItem: onBatch("dynamodb:BatchWriteItem", (request) =>
      listOf(request).map((write) => {
        const { PutRequest, DeleteRequest } = mapOf(write);
        return mapOf(PutRequest).Item ?? mapOf(DeleteRequest).Key;
      }),
    ),
    TransactGetItems: onTransaction("TransactGetItems", { Get: "dynamodb:GetItem" }),
    TransactWriteItems: onTransaction("TransactWriteItems", {
      Put: "dynamodb:PutItem",
      Update: "dynamodb:UpdateItem",
      Delete: "dynamodb:DeleteItem",
      ConditionCheck: "dynamodb:ConditionCheckItem",
    }),
  };
}

function tableFacts({ core, tables, keys }: AccessFacts, { name, record }: Table): TableFacts {
  const tags = Object.fromEntries(Object.entries(record.tags).map(([key, value]) => [`aws:ResourceTag/${key}`, value]));
  const { encryptionKeyArn } = record;
  const isKnown = encryptionKeyArn !== undefined && keys?.keyPolicy(encryptionKeyArn) !== undefined;
  return {
    arn: tables.arnOf(name),
    keySchema: record.keySchema,
    tags,
    policy: tablePolicy(tables.arnOf(name), record),
    decrypt: isKnown ? [keyNeed("kms:Decrypt", core, keys, name, encryptionKeyArn)] : [],
  };
}

/**
 * A use of a table's key in the caller's name.
 *
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/services-dynamodb.html
 */
function keyNeed(
  action: string,
  { region, accountId }: AccessFacts["core"],
  keys: KeyDirectory | undefined,
  tableName: string,
  keyArn: string,
): AccessNeed {
  const use = {
    ...viaService("dynamodb", { region, accountId }),
    "aws:CalledVia": ["dynamodb.amazonaws.com"],
    "aws:CalledViaFirst": "dynamodb.amazonaws.com",
    "aws:CalledViaLast": "dynamodb.amazonaws.com",
    "kms:EncryptionContext:aws:dynamodb:tableName": tableName,
    "kms:EncryptionContext:aws:dynamodb:subscriberId": accountId,
    "kms:EncryptionContextKeys": ["aws:dynamodb:tableName", "aws:dynamodb:subscriberId"],
    ...(action === "kms:CreateGrant" ? { "kms:GrantIsForAWSResource": "true" } : {}),
  };
  return {
    action,
    resource: keyArn,
    // Read anew each time: a key's tags, aliases and policy can change while the table stays as it is.
    get conditions() {
      return { ...keys?.keyConditions?.(keyArn), ...use };
    },
    get resourcePolicy() {
      return keys?.keyPolicy(keyArn);
    },
  };
}

/** What a caller needs on the key that a table is to be encrypted with from now on. */
function keyAdoption(
  { core, tables, keys }: AccessFacts,
  tableName: unknown,
  specification: { readonly Enabled?: boolean; readonly KMSMasterKeyId?: string } | undefined,
): readonly AccessNeed[] {
  const wanted = specification?.Enabled ? specification.KMSMasterKeyId : undefined;
  // AWS's own key is open to everybody who comes through DynamoDB.
  if (wanted === undefined || wanted === "" || /(^|:)alias\/aws\//.test(wanted)) {
    return [];
  }
  const keyArn = findKey(keys, wanted);
  const name = tables.nameOf(String(tableName));
  return keyArn === undefined
    ? []
    : ["kms:DescribeKey", "kms:CreateGrant"].map((action) => keyNeed(action, core, keys, name, keyArn));
}

/** A key that cannot be found is the operation's business to refuse. */
function findKey(keys: KeyDirectory | undefined, wanted: string): string | undefined {
  try {
    return keys?.findKeyArn(wanted);
  } catch {
    return undefined;
  }
}

/**
 * What a caller needs on the new table of a restore: the items are written in the caller's name.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/backuprestore_IAM.html
 */
const RESTORING = ["BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "Scan", "UpdateItem"] as const;

function onBackup(operation: string, arn: string | undefined): AccessNeed[] {
  return [{ action: `dynamodb:${operation}`, resource: arn ?? "*" }];
}

/** Conditions of an item operation; the table's own where nothing comes on top. */
function withKeys(tags: ConditionValues, keys: readonly string[], more: ConditionValues): ConditionValues {
  return { ...tags, ...more, "dynamodb:LeadingKeys": keys.length === 0 ? undefined : keys };
}

function optionsOf(body: Readonly<Record<string, unknown>>, isRead: boolean): ConditionValues {
  return {
    ...attributesCondition(attributeNames(body)),
    "dynamodb:Select": isRead ? selectOf(body) : undefined,
    "dynamodb:ReturnValues": textOf(body.ReturnValues),
    "dynamodb:ReturnConsumedCapacity": textOf(body.ReturnConsumedCapacity),
  };
}

function attributesCondition(names: readonly string[]): ConditionValues {
  return { "dynamodb:Attributes": names.length === 0 ? undefined : names };
}

function requestTags(
  tags: readonly { readonly Key: string | undefined; readonly Value: string | undefined }[] | undefined,
): ConditionValues {
  if (tags === undefined || tags.length === 0) {
    return {};
  }
  const entries = tags.map(({ Key, Value }): [string, string] => [`aws:RequestTag/${Key ?? ""}`, Value ?? ""]);
  return { ...Object.fromEntries(entries), "aws:TagKeys": tags.map(({ Key }) => Key ?? "") };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
