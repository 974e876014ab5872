import { DynamoDBClient, GetItemCommand, PutItemCommand } from "@aws-sdk/client-dynamodb";

/** The part of the gateway's event that the collector reads. */
interface GatewayEvent {
  readonly httpMethod: string;
  readonly pathParameters: Readonly<Record<string, string>> | null;
  readonly headers: Readonly<Record<string, string>> | null;
  readonly queryStringParameters: Readonly<Record<string, string>> | null;
  readonly stageVariables: Readonly<Record<string, string>> | null;
  readonly body: string | null;
  readonly isBase64Encoded: boolean;
}

interface GatewayAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly isBase64Encoded?: boolean;
}

/** Replaced when the test bundles the function: the same source makes releases that can be told apart. */
declare const RELEASE: string;

const dynamodb = new DynamoDBClient({ maxAttempts: 1 });
const table = process.env.TABLE;

/**
 * The function of the other stack: takes readings of devices, says what surrounds it, gives bytes back.
 *
 * - `POST readings` with `{ takenAt, value, lost? }` writes an item and, where readings were lost, a line in the log
 * - `GET readings?device=...&takenAt=...` reads one
 * - `GET surroundings` tells which release runs, and where
 * - `POST echo` gives back the body's bytes, in reverse
 */
export async function collect(event: GatewayEvent): Promise<GatewayAnswer> {
  const route = `${event.httpMethod} ${event.pathParameters?.proxy ?? ""}`;
  if (route === "POST readings") {
    return takeReading(event);
  }
  if (route === "GET readings") {
    return readReading(event);
  }
  if (route === "GET surroundings") {
    return json(200, {
      release: RELEASE,
      version: process.env.AWS_LAMBDA_FUNCTION_VERSION,
      architecture: process.arch,
      node: process.versions.node.split(".")[0],
      empty: process.env.EMPTY,
      stageVariables: event.stageVariables,
    });
  }
  if (route === "POST echo") {
    const bytes = Buffer.from(event.body ?? "", event.isBase64Encoded ? "base64" : "utf8").reverse();
    return {
      statusCode: 200,
      headers: { "Content-Type": "application/octet-stream" },
      body: bytes.toString("base64"),
      isBase64Encoded: true,
    };
  }
  return json(404, { message: `no ${route}` });
}

async function takeReading(event: GatewayEvent): Promise<GatewayAnswer> {
  const device = event.headers?.["X-Device-Id"] ?? "";
  const { takenAt, value, lost } = JSON.parse(event.body ?? "") as { takenAt: number; value: number; lost?: number };
  await dynamodb.send(
    new PutItemCommand({
      TableName: table,
      Item: {
        device: { S: device },
        takenAt: { N: String(takenAt) },
        value: { N: String(value) },
        site: { B: new Uint8Array([7, 7]) },
      },
    }),
  );
  if (lost !== undefined) {
    // Past the console, which would wrap it into a line of its own: the metric filter wants these fields at the top.
    process.stdout.write(`${JSON.stringify({ level: "WARN", message: "lost", count: lost, device })}\n`);
  }
  return json(201, { device, takenAt });
}

async function readReading(event: GatewayEvent): Promise<GatewayAnswer> {
  const { device = "", takenAt = "" } = event.queryStringParameters ?? {};
  const key = { device: { S: device }, takenAt: { N: takenAt } };
  const { Item } = await dynamodb.send(new GetItemCommand({ TableName: table, Key: key }));
  return Item === undefined ? json(404, { message: "no such reading" }) : json(200, { value: Number(Item.value?.N) });
}

function json(statusCode: number, body: object): GatewayAnswer {
  return { statusCode, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}
