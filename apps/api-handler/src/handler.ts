import { randomUUID } from "node:crypto";
import { createDynamoClient } from "./create-dynamo-client.ts";
import { createDynamoItemStore } from "./create-dynamo-item-store.ts";
import { createHandler } from "./create-handler.ts";
import { createLogger } from "./create-logger.ts";
import { readConfig } from "./read-config.ts";

const { tableName, allowedOrigins, logLevel } = readConfig(process.env);
const now = () => new Date();

/** The function's entry (`index.handler` of the bundle). Everything above a request is made once, at the cold start. */
export const handler = createHandler({
  services: { store: createDynamoItemStore(createDynamoClient(), tableName, now), now, newId: randomUUID },
  allowedOrigins,
  log: createLogger(logLevel, now, (line) => process.stdout.write(line)),
  env: process.env,
});
