// The stub of DynamoDB in a server of its own: what an SDK client meets is the protocol (JSON 1.0, checksum, request ids, kept
// connections), and the answers of answer-dynamodb.ts.
//
//     node dynamodb-stub.ts PORT

import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";
import { crc32 } from "node:zlib";
import { answerDynamodb, DynamoError } from "./answer-dynamodb.ts";

const server = createServer(async (request, response) => {
  const target = String(request.headers["x-amz-target"] ?? "");
  const body = await buffer(request);
  if (target === "") {
    response.end("healthy: dynamodb stub");
    return;
  }
  const [status, answer] = answerTo(target.replace("DynamoDB_20120810.", ""), body);
  const bytes = Buffer.from(JSON.stringify(answer));
  response
    .writeHead(status, {
      "content-type": "application/x-amz-json-1.0",
      "content-length": bytes.length,
      "x-amzn-requestid": randomUUID(),
      "x-amz-crc32": crc32(bytes),
    })
    .end(bytes);
});

function answerTo(operation: string, body: Buffer): [number, object] {
  try {
    return [200, answerDynamodb(operation, JSON.parse(body.toString("utf8")))];
  } catch (error) {
    const { name, message } = error instanceof DynamoError ? error : new DynamoError("SerializationException", "");
    return [400, { __type: `com.amazonaws.dynamodb.v20120810#${name}`, message }];
  }
}

// The other sides have their turns in between: a connection that was closed meanwhile would be measured as work of the client.
server.keepAliveTimeout = 0;
server.listen(Number(process.argv[2]), "127.0.0.1");
