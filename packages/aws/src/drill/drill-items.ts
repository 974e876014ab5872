import {
  type AttributeValue,
  BatchWriteItemCommand,
  DescribeTableCommand,
  type DynamoDBClient,
  type WriteRequest,
} from "@aws-sdk/client-dynamodb";
import { ReleaseError } from "@slipway/release-engine";
import { dynamoCall } from "../data/dynamo-call.ts";

/** So many puts in one request (the limit of BatchWriteItem). */
const BATCH = 25;
/** Beyond what anybody counts to: a key of the drill's is nobody else's. */
const FIRST_NUMBER = 900_000_000_000;
/** How often what DynamoDB did not take is sent again. */
const MOST_SENDS = 20;

/** Items that a drill makes up, in a table of whatever keys. Only for a local AWS of the drill's own. */
export class DrillItems {
  readonly #client: DynamoDBClient;

  constructor(client: DynamoDBClient) {
    this.#client = client;
  }

  /**
   * Writes the first so many of the drill's items, each with the word.
   *
   * @throws {ReleaseError} what DynamoDB has answered
   */
  async write(TableName: string, items: number, word: string, signal?: AbortSignal): Promise<void> {
    const { Table } = await dynamoCall("DescribeTable", TableName, signal, (options) =>
      this.#client.send(new DescribeTableCommand({ TableName }), options),
    );
    const types = new Map(Table?.AttributeDefinitions?.map((each) => [each.AttributeName, each.AttributeType]));
    const keys = (Table?.KeySchema ?? []).flatMap(({ AttributeName = "" }) => AttributeName);
    for (let start = 0; start < items; start += BATCH) {
      const numbers = Array.from({ length: Math.min(BATCH, items - start) }, (_, index) => start + index);
      const puts = numbers.map((number): WriteRequest => {
        const key = keys.map((name) => [name, keyValue(types.get(name), number)] as const);
        const Item = { ...Object.fromEntries(key), slipwayDrill: { S: word } };
        return { PutRequest: { Item } };
      });
      await this.#send(TableName, puts, signal);
    }
  }

  async #send(TableName: string, puts: readonly WriteRequest[], signal: AbortSignal | undefined): Promise<void> {
    let left = [...puts];
    for (let sends = 0; left.length > 0; sends += 1) {
      if (sends === MOST_SENDS) {
        throw new ReleaseError({
          kind: "throttled",
          what: `${TableName} did not take the drill's items`,
          why: `${left.length} were left after ${MOST_SENDS} requests`,
          next: "type the same command again",
        });
      }
      const RequestItems = { [TableName]: left };
      const { UnprocessedItems = {} } = await dynamoCall("BatchWriteItem", TableName, signal, (options) =>
        this.#client.send(new BatchWriteItemCommand({ RequestItems }), options),
      );
      left = UnprocessedItems[TableName] ?? [];
    }
  }
}

function keyValue(type: string | undefined, number: number): AttributeValue {
  switch (type) {
    case "N":
      return { N: String(FIRST_NUMBER + number) };
    case "B":
      return { B: Buffer.from(`slipway-drill-${number}`) };
    default:
      return { S: `slipway-drill-${number}` };
  }
}
