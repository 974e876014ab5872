import { randomUUID } from "node:crypto";
import { setTimeout as wait } from "node:timers/promises";
import {
  BatchWriteItemCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { toItem } from "@slipway/aws";
import type { DocumentRecord } from "@slipway/contracts";
import { createItemsTable } from "../support/create-items-table.ts";
import type { ClientSettings } from "../support/local-aws-process.ts";
import { recordsOf } from "../support/records-of.ts";

const BATCH = 25;
/** Between two writes of the live version. */
const PAUSE_MS = 10;

/** An item as versions before the kind wrote it. */
function oldItem(id: string): DocumentRecord {
  const createdAt = new Date().toISOString();
  return { id, name: `item ${id}`, status: "active", createdAt, updatedAt: createdAt, version: 1 };
}

/** A table as `data/tables/items.json` has it, with items in the old shape, and an old version of the API that goes on writing. */
export class ItemsToMigrate {
  readonly tableName: string;
  readonly #client: DynamoDBClient;
  /** What the old version knows it has written last; deleted ones are not in it. */
  readonly #written = new Map<string, DocumentRecord>();
  readonly #deleted = new Set<string>();
  #stop: (() => Promise<void>) | undefined;

  constructor(settings: ClientSettings, tableName: string) {
    this.#client = new DynamoDBClient(settings);
    this.tableName = tableName;
  }

  /** Items that there are, and those that there were. */
  get everWritten(): number {
    return this.#written.size + this.#deleted.size;
  }

  /** Makes the table, and fills it. */
  async create(count: number): Promise<void> {
    await createItemsTable(this.#client, this.tableName);
    const items = Array.from({ length: count }, () => oldItem(randomUUID()));
    for (let from = 0; from < count; from += BATCH) {
      const batch = items.slice(from, from + BATCH);
      await this.#client.send(
        new BatchWriteItemCommand({
          RequestItems: { [this.tableName]: batch.map((item) => ({ PutRequest: { Item: toItem(item) } })) },
        }),
      );
      for (const item of batch) {
        this.#written.set(String(item.id), item);
      }
    }
  }

  /** Lets the old version change, delete and create items until {@link quiet}. */
  disturb(): void {
    const asked = new AbortController();
    const work = this.#write(asked.signal);
    this.#stop = async () => {
      asked.abort();
      await work;
    };
  }

  async quiet(): Promise<void> {
    await this.#stop?.();
    this.#stop = undefined;
  }

  /** What is in the table beside the records of migrations. */
  async records(): Promise<readonly DocumentRecord[]> {
    const records = await recordsOf(this.#client, this.tableName);
    return records.filter(({ kind }) => kind !== "migration");
  }

  /** What is not as it has to be: an item without its kind, one that has not what was written last, one too many or too few. */
  async wrongs(): Promise<readonly string[]> {
    const found = new Map((await this.records()).map((record) => [String(record.id), record]));
    return [
      ...[...this.#written].flatMap(([id, { name, version }]) => {
        const record = found.get(id);
        const isRight = record?.name === name && record?.version === version && record?.kind === "item";
        return isRight ? [] : [`${id}: ${JSON.stringify(record)}, and ${name}, version ${version} was written`];
      }),
      ...[...found.keys()]
        .filter((id) => !this.#written.has(id))
        .map((id) => `${id}: ${this.#deleted.has(id) ? "is deleted, and is back" : "was never written"}`),
    ];
  }

  close(): void {
    this.#client.destroy();
  }

  async #write(signal: AbortSignal): Promise<void> {
    const { tableName: TableName } = this;
    for (let round = 0; !signal.aborted; round += 1) {
      await wait(PAUSE_MS);
      const ids = [...this.#written.keys()];
      const id = ids[(round * 7) % ids.length] ?? "";
      const version = Number(this.#written.get(id)?.version);
      if (round % 10 === 9) {
        const item = oldItem(randomUUID());
        await this.#client.send(new PutItemCommand({ TableName, Item: toItem(item) }));
        this.#written.set(String(item.id), item);
      } else if (round % 10 === 4) {
        await this.#client.send(new DeleteItemCommand({ TableName, Key: { id: { S: id } } }));
        this.#written.delete(id);
        this.#deleted.add(id);
      } else {
        const name = `item ${id}, changed in round ${round}`;
        await this.#client.send(
          new UpdateItemCommand({
            ...{ TableName, Key: { id: { S: id } } },
            UpdateExpression: "SET #name = :name, version = :next",
            // As the API writes: never over a version that it has not read.
            ConditionExpression: "version = :version",
            ExpressionAttributeNames: { "#name": "name" },
            ExpressionAttributeValues: toItem({ ":name": name, ":version": version, ":next": version + 1 }),
          }),
        );
        this.#written.set(id, { ...this.#written.get(id), name, version: version + 1 });
      }
    }
  }
}
