import { setTimeout as wait } from "node:timers/promises";
import { DynamoDBClient, GetItemCommand } from "@aws-sdk/client-dynamodb";

/** The part of the gateway's event that the greeter reads. */
interface GatewayEvent {
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly queryStringParameters: Readonly<Record<string, string>> | null;
}

const dynamodb = new DynamoDBClient({ maxAttempts: 1 });

/** Greets, after `?wait=` milliseconds, with what it then reads from a table: a request that makes another one. */
export async function handler(event: GatewayEvent): Promise<{ statusCode: number; body: string }> {
  await wait(Number(event.queryStringParameters?.wait ?? 0));
  const Key = { id: { S: "first" } };
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: process.env.TABLE, Key }));
  const item = Item?.text?.S ?? "nothing";
  return { statusCode: 200, body: `${process.env.GREETING} ${event.pathParameters.proxy}: ${item}` };
}
