import {
  type ConsumedCapacity,
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { DocumentRecord } from "@slipway/contracts";
import {
  type MigrationTable,
  type RecordChange,
  ReleaseError,
  type ScannedPage,
  type ScanRequest,
  type SeedTable,
  sameValue,
  type TableShape,
  type WriteAnswer,
} from "@slipway/release-engine";
import { toDocument, toItem } from "./attribute-values.ts";
import { conditionalWrite } from "./conditional-write.ts";
import { dynamoCall } from "./dynamo-call.ts";
import { filterExpression, writeExpression } from "./write-expression.ts";

/** The attributes of the records that migrations remember themselves by, beside the key. */
export const LEDGER_ATTRIBUTES = { kind: "kind", body: "migration" } as const;

const units = (consumed: ConsumedCapacity | undefined) => consumed?.CapacityUnits ?? 0;
const TOTAL = { ReturnConsumedCapacity: "TOTAL" } as const;

/** The records of a table on AWS, for migrations and seeds. */
export class DynamoMigrationTable implements MigrationTable, SeedTable {
  readonly #client: DynamoDBClient;
  readonly #name: string;
  #shape: Promise<TableShape> | undefined;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  describe(signal?: AbortSignal): Promise<TableShape> {
    this.#shape ??= this.#describe(signal);
    return this.#shape;
  }

  async scan(request: ScanRequest, signal?: AbortSignal): Promise<ScannedPage> {
    const { segment, segments, after, limit, filter, consistent } = request;
    const command = new ScanCommand({
      ...{ TableName: this.#name, Segment: segment, TotalSegments: segments, Limit: limit, ConsistentRead: consistent },
      ...(after === undefined ? {} : { ExclusiveStartKey: toItem(after) }),
      ...(filter === undefined ? {} : filterExpression(filter)),
      ...TOTAL,
    });
    const page = await this.#call("Scan", signal, (options) => this.#client.send(command, options));
    return {
      records: (page.Items ?? []).map(toDocument),
      scanned: page.ScannedCount ?? 0,
      readUnits: units(page.ConsumedCapacity),
      ...(page.LastEvaluatedKey === undefined ? {} : { next: toDocument(page.LastEvaluatedKey) }),
    };
  }

  async read(key: DocumentRecord, signal?: AbortSignal) {
    const command = new GetItemCommand({ TableName: this.#name, Key: toItem(key), ConsistentRead: true, ...TOTAL });
    const { Item, ConsumedCapacity } = await this.#call("GetItem", signal, (options) =>
      this.#client.send(command, options),
    );
    return { record: Item === undefined ? undefined : toDocument(Item), readUnits: units(ConsumedCapacity) };
  }

  async write(change: RecordChange): Promise<WriteAnswer> {
    const key = await this.#keyOf(change.before);
    const command = new UpdateItemCommand({
      ...{ TableName: this.#name, Key: toItem(key), ...writeExpression(change) },
      ...TOTAL,
    });
    return this.#conditionally(
      "UpdateItem",
      undefined,
      async (options) => {
        const { ConsumedCapacity } = await this.#client.send(command, options);
        return { outcome: "written", writeUnits: units(ConsumedCapacity) };
      },
      async (wasRetried) => {
        const isOurs = wasRetried && isMade(change, (await this.read(key)).record);
        return { outcome: isOurs ? "written" : "conflict", writeUnits: 0 };
      },
    );
  }

  async putIfMissing(record: DocumentRecord, signal?: AbortSignal) {
    const { partitionKey } = await this.describe(signal);
    const command = new PutItemCommand({
      TableName: this.#name,
      Item: toItem(record),
      ConditionExpression: "attribute_not_exists(#key)",
      ExpressionAttributeNames: { "#key": partitionKey },
      ...TOTAL,
    });
    return this.#conditionally<{ outcome: "put" | "there"; writeUnits: number }>(
      "PutItem",
      signal,
      async (options) => {
        const { ConsumedCapacity } = await this.#client.send(command, options);
        return { outcome: "put", writeUnits: units(ConsumedCapacity) };
      },
      // Whoever put it: it is there.
      async () => ({ outcome: "there", writeUnits: 0 }),
    );
  }

  /** @param refused says what it means that the condition failed */
  #conditionally<T>(
    action: string,
    signal: AbortSignal | undefined,
    send: (options: { readonly abortSignal?: AbortSignal }) => Promise<T>,
    refused: (wasRetried: boolean) => Promise<T>,
  ): Promise<T> {
    return this.#call(action, signal, (options) => conditionalWrite(() => send(options), refused));
  }

  async #keyOf(record: DocumentRecord): Promise<DocumentRecord> {
    const { partitionKey, sortKey } = await this.describe();
    const names = sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];
    return Object.fromEntries(Object.entries(record).filter(([name]) => names.includes(name)));
  }

  async #describe(signal?: AbortSignal): Promise<TableShape> {
    const command = new DescribeTableCommand({ TableName: this.#name });
    const { Table } = await this.#call("DescribeTable", signal, (options) => this.#client.send(command, options));
    const keyOfType = (type: "HASH" | "RANGE") =>
      Table?.KeySchema?.find(({ KeyType }) => KeyType === type)?.AttributeName;
    const typeOf = (name: string) =>
      Table?.AttributeDefinitions?.find(({ AttributeName }) => AttributeName === name)?.AttributeType;
    const partitionKey = keyOfType("HASH") ?? "";
    const sortKey = keyOfType("RANGE");
    const problems = [
      ...(typeOf(partitionKey) === "S" ? [] : [`its partition key ${partitionKey} is no text`]),
      ...(sortKey === undefined || typeOf(sortKey) === "S" ? [] : [`its sort key ${sortKey} is no text`]),
      ...[
        // A text may be a key of an index: then the index has these records, too.
        ...([undefined, "S"].includes(typeOf(LEDGER_ATTRIBUTES.kind)) ? [] : [LEDGER_ATTRIBUTES.kind]),
        ...(typeOf(LEDGER_ATTRIBUTES.body) === undefined ? [] : [LEDGER_ATTRIBUTES.body]),
      ].map((name) => `${name} is a key of it or of an index, and migrations remember themselves by it`),
    ];
    if (problems.length > 0) {
      throw new ReleaseError({
        kind: "usage",
        what: `The table ${this.#name} cannot hold what its migrations remember`,
        why: problems.join("\n"),
        next: "migrate it by hand: slipway migrate needs text keys, and the attributes kind and migration",
      });
    }
    return {
      ...{ name: this.#name, partitionKey, estimatedRecords: Table?.ItemCount ?? 0 },
      ...(sortKey === undefined ? {} : { sortKey }),
    };
  }

  #call<T>(action: string, signal: AbortSignal | undefined, send: Parameters<typeof dynamoCall<T>>[3]): Promise<T> {
    return dynamoCall(action, this.#name, signal, send);
  }
}

/** Whether a record is what a change makes of it. */
function isMade({ before, set, remove }: RecordChange, record: DocumentRecord | undefined): boolean {
  return (
    record !== undefined &&
    remove.every((name) => !Object.hasOwn(record, name)) &&
    Object.entries({ ...before, ...set }).every(
      ([name, value]) => remove.includes(name) || sameValue(record[name], value),
    )
  );
}
