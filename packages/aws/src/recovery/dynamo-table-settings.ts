import {
  DeleteResourcePolicyCommand,
  DescribeContinuousBackupsCommand,
  DescribeContributorInsightsCommand,
  DescribeKinesisStreamingDestinationCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  type DynamoDBClient,
  GetResourcePolicyCommand,
  ListTagsOfResourceCommand,
  PutResourcePolicyCommand,
  type StreamViewType,
  type TableDescription,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
} from "@aws-sdk/client-dynamodb";
import {
  type Clock,
  type DroppedSetting,
  ReleaseError,
  type TableSettings,
  type TableSettingsStore,
  waitUntil,
} from "@slipway/release-engine";
import { awsCall } from "../aws-call.ts";
import { errorName } from "../error-name.ts";
import { translateAwsError } from "../translate-aws-error.ts";
import { billingChange } from "./billing-change.ts";
import { tableStructure } from "./table-structure.ts";

const SETTLE_TIMEOUT_MS = 10 * 60_000;
/** What a table says that is still being changed, or that a restore made a moment ago. */
const NOT_YET = ["ResourceInUseException", "ContinuousBackupsUnavailableException", "LimitExceededException"];

/** All that there is to a DynamoDB table beside its items: read, and given to a table that a restore made. */
export class DynamoTableSettings implements TableSettingsStore {
  readonly #client: DynamoDBClient;
  readonly #clock: Clock;

  /** @param clock for waits until a table has taken a change */
  constructor(client: DynamoDBClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  async read(TableName: string, signal?: AbortSignal): Promise<TableSettings> {
    const call = <T>(action: string, send: (options: { readonly abortSignal?: AbortSignal }) => Promise<T>) =>
      awsCall(`dynamodb:${action}`, TableName, signal, send);
    const [{ Table = {} }, { TimeToLiveDescription }, { ContinuousBackupsDescription }] = await Promise.all([
      call("DescribeTable", (options) => this.#client.send(new DescribeTableCommand({ TableName }), options)),
      call("DescribeTimeToLive", (options) => this.#client.send(new DescribeTimeToLiveCommand({ TableName }), options)),
      call("DescribeContinuousBackups", (options) =>
        this.#client.send(new DescribeContinuousBackupsCommand({ TableName }), options),
      ),
    ]);
    const arn = Table.TableArn ?? "";
    const { TimeToLiveStatus = "DISABLED", AttributeName } = TimeToLiveDescription ?? {};
    const { PointInTimeRecoveryStatus, RecoveryPeriodInDays } =
      ContinuousBackupsDescription?.PointInTimeRecoveryDescription ?? {};
    const { key, indexes } = tableStructure(Table);
    return {
      ...{ arn, indexes, key: `${key}; ${typesOf(Table)}`, billing: billingOf(Table) },
      encryption: Table.SSEDescription?.KMSMasterKeyArn ?? "DynamoDB's own key",
      tableClass: Table.TableClassSummary?.TableClass ?? "STANDARD",
      timeToLive: TimeToLiveStatus.startsWith("ENABL") ? (AttributeName ?? null) : null,
      recoveryDays: PointInTimeRecoveryStatus === "ENABLED" ? (RecoveryPeriodInDays ?? 35) : null,
      deletionProtection: Table.DeletionProtectionEnabled ?? false,
      stream: Table.StreamSpecification?.StreamEnabled ? (Table.StreamSpecification.StreamViewType ?? null) : null,
      tags: await this.#tags(arn, TableName, signal),
      policy: await this.#policy(arn, TableName),
      replicas: (Table.Replicas ?? []).map(({ RegionName = "" }) => RegionName).sort(),
      kinesis: await this.#kinesis(TableName, signal),
      contributorInsights: await this.#contributorInsights(Table, signal),
    };
  }

  async set<K extends DroppedSetting>(table: string, setting: K, value: TableSettings[K]): Promise<void> {
    const before = await this.read(table);
    await this.#settled(table);
    await waitUntil(this.#clock, {
      what: `the change of ${table} (${setting})`,
      timeoutMs: SETTLE_TIMEOUT_MS,
      look: () => this.#send(before, table, setting, value),
      isOver: (isDone) => isDone,
    });
    await this.#settled(table);
  }

  async tag(table: string, { add = {}, remove = [] }: Parameters<TableSettingsStore["tag"]>[1]): Promise<void> {
    const { TableArn: ResourceArn } = await this.#describe(table);
    const Tags = Object.entries(add).map(([Key, Value]) => ({ Key, Value }));
    if (Tags.length > 0) {
      await awsCall("dynamodb:TagResource", table, undefined, () =>
        this.#client.send(new TagResourceCommand({ ResourceArn, Tags })),
      );
    }
    if (remove.length > 0) {
      await awsCall("dynamodb:UntagResource", table, undefined, () =>
        this.#client.send(new UntagResourceCommand({ ResourceArn, TagKeys: [...remove] })),
      );
    }
  }

  /** @returns whether the table has taken it; false where it is still busy with another change */
  async #send<K extends DroppedSetting>(
    before: TableSettings,
    TableName: string,
    setting: K,
    value: TableSettings[K],
  ): Promise<boolean> {
    try {
      await this.#request(before, TableName, setting, value);
      return true;
    } catch (error) {
      if (error instanceof ReleaseError) {
        throw error;
      }
      // An answer may have been lost, and the call sent again: what is there already cannot be set once more.
      if (JSON.stringify((await this.read(TableName))[setting]) === JSON.stringify(value)) {
        return true;
      }
      if (NOT_YET.includes(errorName(error))) {
        return false;
      }
      throw translateAwsError(error, { action: `a change of ${setting}`, subject: TableName });
    }
  }

  async #request(
    before: TableSettings,
    TableName: string,
    setting: DroppedSetting,
    value: TableSettings[DroppedSetting],
  ): Promise<void> {
    switch (setting) {
      case "billing":
        await this.#client.send(
          new UpdateTableCommand({ TableName, ...billingChange(before.billing, value as string) }),
        );
        break;
      case "timeToLive": {
        const AttributeName = (value as string | null) ?? before.timeToLive ?? "";
        const TimeToLiveSpecification = { Enabled: value !== null, AttributeName };
        await this.#client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
        break;
      }
      case "recoveryDays": {
        const PointInTimeRecoverySpecification =
          value === null
            ? { PointInTimeRecoveryEnabled: false }
            : { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: value as number };
        await this.#client.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
        break;
      }
      case "deletionProtection":
        await this.#client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: value as boolean }));
        break;
      case "stream": {
        const StreamSpecification =
          value === null ? { StreamEnabled: false } : { StreamEnabled: true, StreamViewType: value as StreamViewType };
        await this.#client.send(new UpdateTableCommand({ TableName, StreamSpecification }));
        break;
      }
      case "policy":
        await (value === null
          ? this.#client.send(new DeleteResourcePolicyCommand({ ResourceArn: before.arn }))
          : this.#client.send(new PutResourcePolicyCommand({ ResourceArn: before.arn, Policy: value as string })));
        break;
      case "tags":
        await this.tag(TableName, { add: value as TableSettings["tags"] });
        break;
    }
  }

  /** Waits until a table takes changes. */
  async #settled(table: string): Promise<void> {
    await waitUntil(this.#clock, {
      what: `the change of ${table}`,
      timeoutMs: SETTLE_TIMEOUT_MS,
      look: () => this.#describe(table),
      isOver: ({ TableStatus }) => TableStatus === "ACTIVE",
    });
  }

  async #describe(TableName: string): Promise<TableDescription> {
    const { Table = {} } = await awsCall("dynamodb:DescribeTable", TableName, undefined, () =>
      this.#client.send(new DescribeTableCommand({ TableName })),
    );
    return Table;
  }

  async #tags(ResourceArn: string, table: string, signal: AbortSignal | undefined): Promise<Record<string, string>> {
    const tags: [string, string][] = [];
    let NextToken: string | undefined;
    do {
      const page = await awsCall("dynamodb:ListTagsOfResource", table, signal, (options) =>
        this.#client.send(new ListTagsOfResourceCommand({ ResourceArn, NextToken }), options),
      );
      tags.push(...(page.Tags ?? []).map(({ Key = "", Value = "" }): [string, string] => [Key, Value]));
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    return Object.fromEntries(tags.filter(([key]) => !key.startsWith("aws:")));
  }

  async #kinesis(TableName: string, signal: AbortSignal | undefined): Promise<readonly string[] | null> {
    const answer = await ifAllowed(() =>
      awsCall("dynamodb:DescribeKinesisStreamingDestination", TableName, signal, (options) =>
        this.#client.send(new DescribeKinesisStreamingDestinationCommand({ TableName }), options),
      ),
    );
    const destinations = answer?.KinesisDataStreamDestinations ?? [];
    const used = destinations.filter(({ DestinationStatus = "" }) => !/^DISABL|FAILED$/.test(DestinationStatus));
    return answer === null ? null : used.map(({ StreamArn = "" }) => StreamArn).sort();
  }

  async #contributorInsights(
    { TableName = "", GlobalSecondaryIndexes = [] }: TableDescription,
    signal: AbortSignal | undefined,
  ): Promise<readonly string[] | null> {
    const having: string[] = [];
    for (const IndexName of [undefined, ...GlobalSecondaryIndexes.map((index) => index.IndexName)]) {
      const answer = await ifAllowed(() =>
        awsCall("dynamodb:DescribeContributorInsights", TableName, signal, (options) =>
          this.#client.send(new DescribeContributorInsightsCommand({ TableName, IndexName }), options),
        ),
      );
      if (answer === null) {
        return null;
      }
      if (answer.ContributorInsightsStatus?.startsWith("ENABL") === true) {
        having.push(IndexName ?? "table");
      }
    }
    return having;
  }

  async #policy(ResourceArn: string, table: string): Promise<string | null> {
    try {
      const { Policy } = await this.#client.send(new GetResourcePolicyCommand({ ResourceArn }));
      return Policy ?? null;
    } catch (error) {
      if (errorName(error) === "PolicyNotFoundException") {
        return null;
      }
      throw translateAwsError(error, { action: "dynamodb:GetResourcePolicy", subject: table });
    }
  }
}

/** Null where these credentials may not look. */
async function ifAllowed<T>(look: () => Promise<T>): Promise<T | null> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof ReleaseError && error.kind === "denied") {
      return null;
    }
    throw error;
  }
}

function typesOf({ AttributeDefinitions = [] }: TableDescription): string {
  return AttributeDefinitions.map(({ AttributeName, AttributeType }) => `${AttributeName} ${AttributeType}`)
    .sort()
    .join(", ");
}

/** What is paid for, and how much of it there may be. */
function billingOf(table: TableDescription): string {
  const { BillingModeSummary, ProvisionedThroughput, OnDemandThroughput, GlobalSecondaryIndexes = [] } = table;
  if (BillingModeSummary?.BillingMode === "PAY_PER_REQUEST") {
    const { MaxReadRequestUnits: read = -1, MaxWriteRequestUnits: write = -1 } = OnDemandThroughput ?? {};
    return read === -1 && write === -1 ? "on demand" : `on demand, at most ${read} reads and ${write} writes`;
  }
  const units = (throughput: typeof ProvisionedThroughput) =>
    `${throughput?.ReadCapacityUnits ?? 0} reads, ${throughput?.WriteCapacityUnits ?? 0} writes`;
  const ofIndexes = GlobalSecondaryIndexes.map(
    ({ IndexName, ProvisionedThroughput: own }) => `${IndexName}: ${units(own)}`,
  );
  return ["provisioned", units(ProvisionedThroughput), ...ofIndexes.sort()].join("; ");
}
