import {
  type AttributeValue,
  DescribeTableCommand,
  type DynamoDBClient,
  GetItemCommand,
  ScanCommand,
  type TableDescription,
} from "@aws-sdk/client-dynamodb";
import type { TableStructure } from "@slipway/analysis";
import { assertNotInterrupted, type ItemKey, ReleaseError, type TableContents } from "@slipway/release-engine";
import { awsCall } from "../aws-call.ts";
import { translateAwsError } from "../translate-aws-error.ts";
import { canonicalItem, ItemsDigest } from "./items-digest.ts";
import { tableStructure } from "./table-structure.ts";

/** Parts of a table that are read side by side. */
const SEGMENTS = 4;
/** Single items that are asked for at the same time. */
const AT_ONCE = 10;
/** A table is cut into so many parts, at most, of which some are chosen by chance. */
const MOST_PARTS = 10_000;
const ITEMS_IN_PART = 20;
/** Parts that are tried, at most: of a table that is smaller than DynamoDB says, many are empty. */
const MOST_TRIED = 100;
/** Items between two words on how far it is. */
const COUNT_EVERY = 10_000;

/** A key as DynamoDB takes it. */
export interface Key extends ItemKey {
  readonly key: Readonly<Record<string, AttributeValue>>;
}

/**
 * Reads DynamoDB tables to compare them. Of a table that is in use it reads keys alone, never what is in the items; a table that a restore
 * made is read whole.
 */
export class DynamoTableContents implements TableContents {
  readonly #client: DynamoDBClient;
  readonly #random: () => number;

  /** @param random from 0 to 1, as Math.random */
  constructor(client: DynamoDBClient, random: () => number = Math.random) {
    this.#client = client;
    this.#random = random;
  }

  async structure(tableName: string, signal?: AbortSignal): Promise<TableStructure | undefined> {
    const table = await this.#describe(tableName, signal);
    return table && tableStructure(table);
  }

  async readAll(
    TableName: string,
    { sample, onCount, signal }: Parameters<TableContents["readAll"]>[1],
  ): Promise<{ items: number; digest: string; keys: readonly ItemKey[] }> {
    const names = await this.#keyNames(TableName, signal);
    const digest = new ItemsDigest();
    const keys: Key[] = [];
    // The first that fails stops the others: nothing is read behind the back of who deletes the table then.
    const failure = new AbortController();
    const stop = AbortSignal.any([failure.signal, ...(signal === undefined ? [] : [signal])]);
    const readSegment = async (Segment: number) => {
      let ExclusiveStartKey: Record<string, AttributeValue> | undefined;
      do {
        const request = { TableName, Segment, TotalSegments: SEGMENTS, ExclusiveStartKey };
        const page = await awsCall("dynamodb:Scan", TableName, stop, (options) =>
          this.#client.send(new ScanCommand(request), options),
        );
        for (const item of page.Items ?? []) {
          digest.add(item);
          this.#keep(keys, sample, digest.items, () => keyOf(item, names));
          if (digest.items % COUNT_EVERY === 0) {
            onCount(digest.items);
          }
        }
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey !== undefined);
    };
    const outcomes = await Promise.allSettled(
      Array.from({ length: SEGMENTS }, (_, segment) =>
        readSegment(segment).catch((error: unknown) => {
          failure.abort(error);
          throw error;
        }),
      ),
    );
    if (outcomes.some(({ status }) => status === "rejected")) {
      assertNotInterrupted(signal, `while ${TableName} was read`);
      throw failure.signal.reason;
    }
    return { items: digest.items, digest: digest.digest(), keys };
  }

  async sampleKeys(TableName: string, count: number, signal?: AbortSignal): Promise<readonly ItemKey[]> {
    const table = await this.#describe(TableName, signal);
    const names = keyNamesOf(table);
    const parts = Math.max(1, Math.min(MOST_PARTS, Math.floor((table?.ItemCount ?? 0) / ITEMS_IN_PART)));
    const keys = new Map<string, Key>();
    const tried = new Set<number>();
    while (keys.size < count && tried.size < Math.min(parts, MOST_TRIED)) {
      const Segment = Math.floor(this.#random() * parts);
      if (tried.has(Segment)) {
        continue;
      }
      tried.add(Segment);
      // Of one part alone, everything may be needed.
      const Limit = parts === 1 ? count : ITEMS_IN_PART;
      const page = await awsCall("dynamodb:Scan", TableName, signal, (options) =>
        this.#client.send(
          new ScanCommand({ TableName, Segment, TotalSegments: parts, Limit, ...projected(names), ...ONLY_THESE }),
          options,
        ),
      );
      for (const item of (page.Items ?? []).slice(0, count - keys.size)) {
        const key = keyOf(item, names);
        keys.set(key.text, key);
      }
    }
    return [...keys.values()];
  }

  async countPresent(TableName: string, keys: readonly ItemKey[], signal?: AbortSignal): Promise<number> {
    const left = [...(keys as readonly Key[])];
    let present = 0;
    const ask = async () => {
      for (let next = left.pop(); next !== undefined; next = left.pop()) {
        const { key } = next;
        const request = { TableName, Key: { ...key }, ...projected(Object.keys(key)), ConsistentRead: true };
        const { Item } = await awsCall("dynamodb:GetItem", TableName, signal, (options) =>
          this.#client.send(new GetItemCommand(request), options),
        );
        present += Item === undefined ? 0 : 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
    return present;
  }

  /** Each item that was seen has the same chance to be kept (reservoir sampling: Vitter 1985, algorithm R). */
  #keep(keys: Key[], most: number, seen: number, key: () => Key): void {
    if (keys.length < most) {
      keys.push(key());
      return;
    }
    const place = Math.floor(this.#random() * seen);
    if (place < most) {
      keys[place] = key();
    }
  }

  async #keyNames(tableName: string, signal: AbortSignal | undefined): Promise<readonly string[]> {
    const table = await this.#describe(tableName, signal);
    if (table === undefined) {
      throw new ReleaseError({
        kind: "not-found",
        what: `There is no table ${tableName}`,
        why: "it was to be read",
        next: "type the same command again",
      });
    }
    return keyNamesOf(table);
  }

  async #describe(TableName: string, signal: AbortSignal | undefined): Promise<TableDescription | undefined> {
    try {
      const { Table } = await this.#client.send(
        new DescribeTableCommand({ TableName }),
        signal === undefined ? {} : { abortSignal: signal },
      );
      return Table;
    } catch (error) {
      if (error instanceof Error && error.name === "ResourceNotFoundException") {
        return undefined;
      }
      assertNotInterrupted(signal, `while ${TableName} was looked at`);
      throw translateAwsError(error, { action: "dynamodb:DescribeTable", subject: TableName });
    }
  }
}

const ONLY_THESE = { Select: "SPECIFIC_ATTRIBUTES" } as const;

/** Asks for these attributes alone, whatever words they are: `status` and many others are reserved. */
function projected(names: readonly string[]) {
  return {
    ProjectionExpression: names.map((_, index) => `#k${index}`).join(", "),
    ExpressionAttributeNames: Object.fromEntries(names.map((name, index) => [`#k${index}`, name])),
  };
}

function keyNamesOf(table: TableDescription | undefined): readonly string[] {
  return (table?.KeySchema ?? []).flatMap(({ AttributeName }) => AttributeName ?? []);
}

function keyOf(item: Readonly<Record<string, AttributeValue>>, names: readonly string[]): Key {
  const key = Object.fromEntries(
    names.flatMap((name) => {
      const value = item[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
  return { key, text: canonicalItem(key) };
}
