import { randomUUID } from "node:crypto";
import { createHandler } from "./create-handler.ts";
import { readConfig } from "./read-config.ts";
import { createDynamoClient } from "./store/create-dynamo-client.ts";
import { createDynamoItemStore } from "./store/create-dynamo-item-store.ts";
import { createLogger } from "./telemetry/create-logger.ts";

const { tableName, cursorKey, allowedOrigins, logLevel } = readConfig(process.env);
const now = () => new Date();
const write = (line: string) => void process.stdout.write(line);

/** The function's entry (`index.handler` of the bundle). Everything above a request is made once, at the cold start. */
export const handler = createHandler({
  services: { store: createDynamoItemStore(createDynamoClient(), tableName, now), now, newId: randomUUID, cursorKey },
  allowedOrigins,
  log: createLogger(logLevel, now, write),
  write,
  env: process.env,
});
