import {
  type AttributeValue,
  DescribeTableCommand,
  type DynamoDBClient,
  PutItemCommand,
  ScanCommand,
} from "@aws-sdk/client-dynamodb";
import { ReleaseError } from "@slipway/release-engine";
import { dynamoCall } from "../data/dynamo-call.ts";

/**
 * Overwrites the first items of a table so that each text that is no key becomes a number, as a job might that was written for another
 * table. Only for a local AWS of a rehearsal's own.
 *
 * @returns how many, and what writes them back as they were
 * @throws {ReleaseError} when there is nothing to overwrite; what DynamoDB has answered
 */
export async function corruptItems(
  dynamodb: DynamoDBClient,
  TableName: string,
  most: number,
  signal?: AbortSignal,
): Promise<{ readonly items: number; writeBack(): Promise<void> }> {
  const { Table } = await dynamoCall("DescribeTable", TableName, signal, (options) =>
    dynamodb.send(new DescribeTableCommand({ TableName }), options),
  );
  const keys = new Set(Table?.AttributeDefinitions?.map(({ AttributeName }) => AttributeName));
  const { Items = [] } = await dynamoCall("Scan", TableName, signal, (options) =>
    dynamodb.send(new ScanCommand({ TableName, Limit: most }), options),
  );
  const put = (Item: Record<string, AttributeValue>, of: AbortSignal | undefined) =>
    dynamoCall("PutItem", TableName, of, (options) => dynamodb.send(new PutItemCommand({ TableName, Item }), options));
  const damaged = Items.filter((item) =>
    Object.entries(item).some(([name, { S }]) => !keys.has(name) && S !== undefined),
  );
  if (damaged.length === 0) {
    throw new ReleaseError({
      ...{ kind: "failed", what: `${TableName} has no items to overwrite`, why: `${Items.length} were looked at` },
      next: "let users write some first",
    });
  }
  for (const item of damaged) {
    const changed = Object.entries(item).map(([name, value]): [string, AttributeValue] =>
      keys.has(name) || value.S === undefined ? [name, value] : [name, { N: "0" }],
    );
    await put(Object.fromEntries(changed), signal);
  }
  return {
    items: damaged.length,
    async writeBack() {
      for (const item of damaged) {
        await put(item, undefined);
      }
    },
  };
}
