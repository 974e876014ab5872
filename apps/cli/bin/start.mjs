// Starts the command line on Node 22: `node apps/cli/bin/start.mjs WORDS...`. Not TypeScript, so that what strips types is loaded only where
// a file has changed: it costs as much as starting Node does.

import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheStrippedTypes } from "../src/cache-stripped-types.mjs";
import { loadEnglishZod } from "../src/english-zod.mjs";
import { requireAwsSdk } from "../src/require-aws-sdk.mjs";

const root = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");
// Before everything else: what is loaded by then is not kept.
cacheStrippedTypes(join(root, ".slipway/cache/types"), root);
requireAwsSdk();
loadEnglishZod();
// And V8 what it compiled: a fifth of the time that a command that loads the SDK takes to start, and a sixth of its processor time (decision
// 1). That folder grows by a file with each change of a migration, which is imported under its digest. One that cannot be written is no error.
enableCompileCache(join(root, ".slipway/cache/code"));

await import("../src/main.ts");
