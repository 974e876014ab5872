import { createAuthorizer } from "./create-authorizer.ts";
import { createKeyCache } from "./create-key-cache.ts";
import { createLogger } from "./create-logger.ts";
import { createVerify } from "./create-verify.ts";
import { fetchKeySet } from "./fetch-key-set.ts";
import { readConfig } from "./read-config.ts";

const config = readConfig(process.env);
const now = () => new Date();
const log = createLogger(config.logLevel, now, (line) => process.stdout.write(line));
const findKeys = createKeyCache({ fetchKeys: () => fetchKeySet(config.jwksUri), now: Date.now, log });

/** The function's entry (`index.handler` of the bundle). The issuer's keys are fetched with the first token, and kept. */
export const handler = createAuthorizer({
  ...config,
  verify: createVerify(config, findKeys),
  log,
  now,
  env: process.env,
});
