import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { type DocumentRecord, describeProblems, type MigrationRecord, migrationRecordSchema } from "@slipway/contracts";
import { MIGRATION_KEY_PREFIX, type MigrationLedger, ReleaseError, type TableShape } from "@slipway/release-engine";
import { toDocument, toItem } from "./attribute-values.ts";
import { dynamoCall } from "./dynamo-call.ts";
import { LEDGER_ATTRIBUTES } from "./dynamo-migration-table.ts";

/**
 * What a table remembers of its migrations, in the table itself: one record per migration, `migration#ID`, of kind `migration`, with all
 * else in one map, so that it has no attribute that an index of the table could be about.
 */
export class DynamoMigrationLedger implements MigrationLedger {
  readonly #client: DynamoDBClient;
  readonly #shape: TableShape;

  constructor(client: DynamoDBClient, shape: TableShape) {
    this.#client = client;
    this.#shape = shape;
  }

  async load(id: string, signal?: AbortSignal): Promise<MigrationRecord | undefined> {
    const { name } = this.#shape;
    const command = new GetItemCommand({ TableName: name, Key: toItem(this.#key(id)), ConsistentRead: true });
    const { Item } = await dynamoCall("GetItem", name, signal, (options) => this.#client.send(command, options));
    if (Item === undefined) {
      return undefined;
    }
    const result = migrationRecordSchema.safeParse(toDocument(Item)[LEDGER_ATTRIBUTES.body], { reportInput: true });
    if (!result.success) {
      throw new ReleaseError({
        kind: "failed",
        what: `The record ${MIGRATION_KEY_PREFIX}${id} of ${name} cannot be read`,
        why: describeProblems(result.error).join("\n"),
        next: "use the Slipway that wrote it, or a newer one; do not delete the record: it says what was done",
      });
    }
    return result.data;
  }

  async save(record: MigrationRecord, signal?: AbortSignal) {
    const { name, partitionKey } = this.#shape;
    const isFirst = record.revision === 1;
    const command = new PutItemCommand({
      TableName: name,
      Item: toItem({
        ...this.#key(record.id),
        [LEDGER_ATTRIBUTES.kind]: "migration",
        [LEDGER_ATTRIBUTES.body]: record as unknown as DocumentRecord,
      }),
      ...(isFirst
        ? { ConditionExpression: "attribute_not_exists(#key)", ExpressionAttributeNames: { "#key": partitionKey } }
        : {
            ConditionExpression: "#body.#revision = :known",
            ExpressionAttributeNames: { "#body": LEDGER_ATTRIBUTES.body, "#revision": "revision" },
            ExpressionAttributeValues: { ":known": { N: String(record.revision - 1) } },
          }),
      ReturnConsumedCapacity: "TOTAL",
    });
    return dynamoCall("PutItem", name, signal, async (options) => {
      try {
        const { ConsumedCapacity } = await this.#client.send(command, options);
        return { outcome: "saved" as const, writeUnits: ConsumedCapacity?.CapacityUnits ?? 0 };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) {
          return { outcome: "conflict" as const, writeUnits: 0 };
        }
        throw error;
      }
    });
  }

  #key(id: string): DocumentRecord {
    const { partitionKey, sortKey } = this.#shape;
    const key = `${MIGRATION_KEY_PREFIX}${id}`;
    return { [partitionKey]: key, ...(sortKey === undefined ? {} : { [sortKey]: key }) };
  }
}
