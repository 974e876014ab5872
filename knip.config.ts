import type { KnipConfig } from "knip";

/**
 * What counts as used (`npm run lint`, dead exports). knip, because it follows imports through index files, namespaces and npm scripts with a
 * real parser, is maintained and typed, and nothing but this check loads it.
 *
 * An entry is what is started by its file name instead of being imported.
 */
const config: KnipConfig = {
  include: ["files", "exports", "types", "nsExports", "nsTypes", "enumMembers", "duplicates", "dependencies"],
  // A type in an exported signature is exported so that it has a name.
  ignoreExportsUsedInFile: true,
  workspaces: {
    ".": {
      entry: [
        "*.config.ts",
        "examples/*/slipway.config.ts",
        "examples/*/services/*/index.ts",
        "data/migrations/*/*.ts",
        "infrastructure/modules/lambda/placeholder/index.mjs",
        "tools/lint.ts",
        "tools/**/main.ts",
        "tools/bench/handler/{cold-start-probe.cjs,dynamodb-stub.ts,handler-worker.ts,equivalents/*.ts}",
        "tools/bench/ingest/bare-server.mjs",
        "tools/bench/invoke/{direct-server.mjs,hello/index.mjs}",
        "tools/bench/plan-gate/{judge,parse}-plan-file.ts",
        // Repositories of others, as it were: what is in them is nobody's to import.
        "examples/*/{slipway.config.ts,services/*/index.ts,data/**/*.ts}",
      ],
    },
    "apps/cli": { entry: ["generate.ts", "{documentation,workflows}/main.ts", "documentation/keep-terminal-text.ts"] },
    // The bundler puts it in the place of the SDK's own.
    "apps/api-handler": { entry: ["src/store/default-credentials.ts"] },
    // None is published: what an index.ts exports is dead as well when nobody imports it.
    "packages/*": { includeEntryExports: true },
    "packages/local-aws": { includeEntryExports: true, entry: ["src/services/sqs/send-until-killed.ts"] },
    // Functions that whole jobs deploy, and GitHub's command line as a runner of the tests has it.
    e2e: {
      entry: [
        "workflows/gh.mjs",
        "other-stack/collector/collector.ts",
        "release/repository/functions/*/*.mjs",
        "snapshot/greeter.ts",
      ],
    },
  },
};

export default config;
