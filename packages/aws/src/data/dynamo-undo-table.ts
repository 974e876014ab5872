import {
  type ConsumedCapacity,
  DeleteItemCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { DocumentRecord } from "@slipway/contracts";
import { type ItemSwap, sameValue, type UndoTable, type WriteAnswer } from "@slipway/release-engine";
import { toDocument, toItem } from "./attribute-values.ts";
import { conditionalWrite } from "./conditional-write.ts";
import { dynamoCall } from "./dynamo-call.ts";
import { conditionExpression, writeExpression } from "./write-expression.ts";

type Shape = Awaited<ReturnType<UndoTable["describe"]>>;

const TOTAL = { ReturnConsumedCapacity: "TOTAL" } as const;
const units = (consumed: ConsumedCapacity | undefined) => consumed?.CapacityUnits ?? 0;

/** The items of a table on AWS, as bad writes are taken back. */
export class DynamoUndoTable implements UndoTable {
  readonly #client: DynamoDBClient;
  readonly #name: string;
  #shape: Promise<Shape> | undefined;

  constructor(client: DynamoDBClient, name: string) {
    this.#client = client;
    this.#name = name;
  }

  async describe(signal?: AbortSignal): Promise<Shape> {
    this.#shape ??= this.#describe(signal);
    try {
      return await this.#shape;
    } catch (error) {
      // Of an answer that did not come, the next who asks is not told.
      this.#shape = undefined;
      throw error;
    }
  }

  async read(key: DocumentRecord, signal?: AbortSignal) {
    const command = new GetItemCommand({ TableName: this.#name, Key: toItem(key), ConsistentRead: true, ...TOTAL });
    const { Item, ConsumedCapacity } = await dynamoCall("GetItem", this.#name, signal, (options) =>
      this.#client.send(command, options),
    );
    return { record: Item === undefined ? undefined : toDocument(Item), readUnits: units(ConsumedCapacity) };
  }

  async swap(swap: ItemSwap): Promise<WriteAnswer> {
    const { partitionKey } = await this.describe();
    return await dynamoCall(actionOf(swap), this.#name, undefined, () =>
      conditionalWrite<WriteAnswer>(
        async () => {
          const { ConsumedCapacity } = await this.#send(swap, partitionKey);
          return { outcome: "written", writeUnits: units(ConsumedCapacity) };
        },
        async (wasRetried) => {
          const isOurs = wasRetried && sameValue(swap.to, (await this.read(swap.key)).record);
          return { outcome: isOurs ? "written" : "conflict", writeUnits: 0 };
        },
      ),
    );
  }

  #send({ key, from, to }: ItemSwap, partitionKey: string): Promise<{ ConsumedCapacity?: ConsumedCapacity }> {
    const place = { TableName: this.#name, ...TOTAL };
    if (from === undefined) {
      return this.#client.send(
        new PutItemCommand({
          ...{ ...place, Item: toItem(to ?? key) },
          ConditionExpression: "attribute_not_exists(#key)",
          ExpressionAttributeNames: { "#key": partitionKey },
        }),
      );
    }
    if (to === undefined) {
      return this.#client.send(new DeleteItemCommand({ ...place, Key: toItem(key), ...conditionExpression(from) }));
    }
    const set = Object.fromEntries(
      Object.entries(to).filter(([name, value]) => !(Object.hasOwn(from, name) && sameValue(from[name], value))),
    );
    const absent = Object.keys(to).filter((name) => !Object.hasOwn(from, name));
    const remove = Object.keys(from).filter((name) => !Object.hasOwn(to, name));
    return this.#client.send(
      new UpdateItemCommand({ ...place, Key: toItem(key), ...writeExpression({ before: from, absent, set, remove }) }),
    );
  }

  async #describe(signal: AbortSignal | undefined): Promise<Shape> {
    const command = new DescribeTableCommand({ TableName: this.#name });
    const { Table } = await dynamoCall("DescribeTable", this.#name, signal, (options) =>
      this.#client.send(command, options),
    );
    const keyOf = (type: "HASH" | "RANGE") => Table?.KeySchema?.find(({ KeyType }) => KeyType === type)?.AttributeName;
    const sortKey = keyOf("RANGE");
    return {
      ...{ name: this.#name, partitionKey: keyOf("HASH") ?? "" },
      ...(sortKey === undefined ? {} : { sortKey }),
    };
  }
}

function actionOf({ from, to }: ItemSwap): string {
  return from === undefined ? "PutItem" : to === undefined ? "DeleteItem" : "UpdateItem";
}
