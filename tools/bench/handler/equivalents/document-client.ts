// Nothing but the AWS SDK's document client, and one read with it, so that it can answer a first request.

import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand } from "@aws-sdk/lib-dynamodb";
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from "aws-lambda";

const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** The function's entry. */
export async function handler({ path }: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const Key = { id: path.slice("/items/".length) };
  const { Item } = await client.send(new GetCommand({ TableName: process.env.DYNAMODB_TABLE_NAME, Key }));
  return { statusCode: Item === undefined ? 404 : 200, body: JSON.stringify(Item ?? {}) };
}
