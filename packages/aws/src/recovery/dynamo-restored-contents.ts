import {
  type AttributeValue,
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  QueryCommand,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import type { IndexAnswer, RestoredContents } from "@slipway/release-engine";
import { awsCall } from "../aws-call.ts";
import { DynamoTableContents, type Key } from "./dynamo-table-contents.ts";
import { canonicalItem } from "./items-digest.ts";

type Item = Readonly<Record<string, AttributeValue>>;

interface DescribedIndex {
  readonly IndexName?: string;
  readonly IndexStatus?: string;
  readonly KeySchema?: readonly { readonly AttributeName: string | undefined }[];
}

/** Pages of an index that are read for one item, at most: many items can have the same keys there. */
const MOST_PAGES = 20;

/** Reads tables that a restore has made, and asks their indexes. */
export class DynamoRestoredContents implements RestoredContents {
  readonly #client: DynamoDBClient;
  readonly #contents: DynamoTableContents;

  constructor(client: DynamoDBClient, random: () => number = Math.random) {
    this.#client = client;
    this.#contents = new DynamoTableContents(client, random);
  }

  async inspect(
    TableName: string,
    options: Parameters<RestoredContents["inspect"]>[1],
  ): Promise<{ items: number; digest: string; indexes: readonly IndexAnswer[] }> {
    const { signal } = options;
    const { items, digest, keys } = await this.#contents.readAll(TableName, options);
    const { Table = {} } = await awsCall("dynamodb:DescribeTable", TableName, signal, (send) =>
      this.#client.send(new DescribeTableCommand({ TableName }), send),
    );
    const indexes: IndexAnswer[] = [];
    const described = [...(Table.GlobalSecondaryIndexes ?? []), ...(Table.LocalSecondaryIndexes ?? [])];
    if (described.length > 0) {
      const sample = await this.#sample(TableName, keys as readonly Key[], signal);
      for (const index of described) {
        indexes.push(await this.#ask(Table, index, sample, signal));
      }
    }
    return { items, digest, indexes };
  }

  async #sample(TableName: string, keys: readonly Key[], signal: AbortSignal | undefined): Promise<readonly Item[]> {
    const items: Item[] = [];
    for (const { key } of keys) {
      const { Item } = await awsCall("dynamodb:GetItem", TableName, signal, (options) =>
        this.#client.send(new GetItemCommand({ TableName, Key: { ...key }, ConsistentRead: true }), options),
      );
      items.push(...(Item === undefined ? [] : [Item]));
    }
    return items;
  }

  async #ask(
    { TableName = "", KeySchema = [] }: TableDescription,
    { IndexName: index = "", IndexStatus, KeySchema: ofIndex = [] }: DescribedIndex,
    sample: readonly Item[],
    signal: AbortSignal | undefined,
  ): Promise<IndexAnswer> {
    const names = (schema: readonly { readonly AttributeName: string | undefined }[]) =>
      schema.flatMap(({ AttributeName }) => AttributeName ?? []);
    const keys = names(ofIndex);
    // Only items that have all of an index' keys are in it. A local index has no status of its own.
    const asked = sample.filter((item) => keys.every((key) => item[key] !== undefined));
    const isActive = IndexStatus === undefined || IndexStatus === "ACTIVE";
    let [found, givenUp] = [0, 0];
    for (const item of isActive ? asked : []) {
      const has = await this.#has(TableName, index, { keys, own: names(KeySchema), item }, signal);
      found += has === true ? 1 : 0;
      givenUp += has === undefined ? 1 : 0;
    }
    return { index, isActive, asked: asked.length, found, ...(givenUp > 0 && { givenUp }) };
  }

  /** @returns undefined where it was not found out, because too many other items come first */
  async #has(
    TableName: string,
    IndexName: string,
    { keys, own, item }: { readonly keys: readonly string[]; readonly own: readonly string[]; readonly item: Item },
    signal: AbortSignal | undefined,
  ): Promise<boolean | undefined> {
    const keyOf = (each: Item) =>
      canonicalItem(Object.fromEntries(own.map((name) => [name, each[name] as AttributeValue])));
    const wanted = keyOf(item);
    let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const request = {
        ...{ TableName, IndexName, ExclusiveStartKey },
        KeyConditionExpression: keys.map((_, at) => `#k${at} = :k${at}`).join(" AND "),
        ExpressionAttributeNames: Object.fromEntries(keys.map((key, at) => [`#k${at}`, key])),
        ExpressionAttributeValues: Object.fromEntries(keys.map((key, at) => [`:k${at}`, item[key] as AttributeValue])),
      };
      const { Items = [], LastEvaluatedKey } = await awsCall(
        "dynamodb:Query",
        `${TableName}/${IndexName}`,
        signal,
        (options) => this.#client.send(new QueryCommand(request), options),
      );
      if (Items.some((each) => keyOf(each) === wanted)) {
        return true;
      }
      if (LastEvaluatedKey === undefined) {
        return false;
      }
      ExclusiveStartKey = LastEvaluatedKey;
    }
    return undefined;
  }
}
