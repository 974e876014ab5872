import { createHash, createHmac } from "node:crypto";
import { counted } from "./counted.mjs";
import { misbehave } from "./misbehave.mjs";
import { release } from "./release.mjs";

// Before the first request: a release that cannot even begin.
if (release.fault === "init") {
  throw new Error(`release ${release.name} cannot begin`);
}

/** Makes, shows and deletes orders. */
export async function handler(event) {
  return counted("orders", event, async () => (await misbehave(release)) ?? (await answerTo(event)));
}

async function answerTo({ httpMethod, pathParameters, body }) {
  const id = pathParameters?.id;
  try {
    switch (httpMethod) {
      case "POST": {
        const order = { id: crypto.randomUUID(), what: String(JSON.parse(body ?? "{}").what ?? "nothing") };
        await dynamodb("PutItem", { Item: { id: { S: order.id }, what: { S: order.what } } });
        return json(201, order);
      }
      case "GET": {
        const { Item } = await dynamodb("GetItem", { Key: { id: { S: id } }, ConsistentRead: true });
        return Item === undefined ? json(404, { id }) : json(200, { id, what: textOf(Item, "what") });
      }
      case "DELETE":
        await dynamodb("DeleteItem", { Key: { id: { S: id } } });
        return json(204);
      default:
        return json(405, { httpMethod });
    }
  } catch (error) {
    console.error(JSON.stringify({ level: "ERROR", message: error.message }));
    return json(500, { message: "it did not work" });
  }
}

/** @throws where something else was written there than what this function writes */
function textOf(item, attribute) {
  const text = item[attribute]?.S;
  if (text === undefined) {
    throw new Error(`The record ${item.id.S} has no text ${attribute}`);
  }
  return text;
}

function json(statusCode, value) {
  return {
    statusCode,
    headers: { "content-type": "application/json", "x-release": release.name },
    body: value === undefined ? "" : JSON.stringify(value),
  };
}

const digest = (text) => createHash("sha256").update(text).digest("hex");
const keyed = (key, text) => createHmac("sha256", key).update(text).digest();

/** DynamoDB without the SDK, whose loading would be most of a cold start. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html */
async function dynamodb(operation, input) {
  const { AWS_ENDPOINT_URL, AWS_REGION, TABLE, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } =
    process.env;
  const url = new URL(AWS_ENDPOINT_URL ?? `https://dynamodb.${AWS_REGION}.amazonaws.com`);
  const body = JSON.stringify({ TableName: TABLE, ...input });
  const time = new Date().toISOString().replace(/[:-]|\.\d{3}/g, "");
  const headers = {
    "content-type": "application/x-amz-json-1.0",
    host: url.host,
    "x-amz-date": time,
    "x-amz-security-token": AWS_SESSION_TOKEN,
    "x-amz-target": `DynamoDB_20120810.${operation}`,
  };
  const names = Object.keys(headers).join(";");
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const request = ["POST", "/", "", lines.join(""), names, digest(body)].join("\n");
  const scope = `${time.slice(0, 8)}/${AWS_REGION}/dynamodb/aws4_request`;
  const key = [AWS_REGION, "dynamodb", "aws4_request"].reduce(
    keyed,
    keyed(`AWS4${AWS_SECRET_ACCESS_KEY}`, time.slice(0, 8)),
  );
  const signature = keyed(key, ["AWS4-HMAC-SHA256", time, scope, digest(request)].join("\n")).toString("hex");
  const authorization = `AWS4-HMAC-SHA256 Credential=${AWS_ACCESS_KEY_ID}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  const response = await fetch(url, { method: "POST", headers: { ...headers, authorization }, body });
  const answer = await response.json();
  if (!response.ok) {
    throw new Error(`${operation}: ${answer.__type} ${answer.message ?? answer.Message}`);
  }
  return answer;
}
