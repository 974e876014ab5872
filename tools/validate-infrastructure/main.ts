// npm run validate:infrastructure [-- --static] [-- --output json]

import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { loadConfig } from "@slipway/release-engine";
import { readSetupRecord } from "../../scripts/setup/setup-record.mjs";
import { renderReport } from "./render-report.ts";
import { reportInfrastructure } from "./report-infrastructure.ts";

const USAGE = `usage: npm run validate:infrastructure [-- OPTIONS]

  --static         no plans and applies on a throwaway local AWS: policies, tags and IAM stay unknown (exit code 2)
  --output FORMAT  text (default), or one JSON document on stdout
  --help           this text

Exit codes: 0 clean or accepted, 1 findings or failures, 2 something could not be found out.
`;

/** By verdict: what could not be found out is neither good nor bad. */
const EXIT_CODES = { pass: 0, fail: 1, unknown: 2 } as const;

function fail(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(EXIT_CODES.unknown);
}

function readOptions(): { isStatic: boolean; output: "text" | "json" } {
  try {
    const { values } = parseArgs({
      options: {
        output: { type: "string", default: "text" },
        static: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) {
      process.stdout.write(USAGE);
      process.exit(0);
    }
    const { output } = values;
    if (output !== "text" && output !== "json") {
      return fail(`--output is "${output}".\n  Why:  only text and json are known.\n  Next: --output json`);
    }
    return { output, isStatic: values.static };
  } catch (error) {
    return fail(`${error instanceof Error ? error.message : error}\n  Next: --help shows the options`);
  }
}

const { output, isStatic } = readOptions();
const repository = resolve(import.meta.dirname, "../..");
const setup = readSetupRecord(repository);
if (setup === undefined) {
  fail(
    "Terraform is not set up.\n  Why:  .slipway/setup.json does not exist.\n  Next: npm run validate:infrastructure",
  );
}
// So that what `exit` cleans up is cleaned up after Ctrl-C, too. Terraform ends when this process does.
for (const [signal, code] of [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const) {
  process.once(signal, () => process.exit(code));
}
try {
  const report = await reportInfrastructure({
    repository,
    config: await loadConfig(join(repository, "slipway.config.ts")),
    terraform: setup.terraform,
    pluginDir: setup.provider.source === "mirror" ? setup.provider.dir : undefined,
    env: process.env,
    isStatic,
    now: new Date(),
    onLine: (line) => process.stderr.write(`${line}\n`),
  });
  process.stdout.write(
    output === "json"
      ? `${JSON.stringify(report, undefined, 2)}\n`
      : renderReport(report, process.stdout.columns || 120),
  );
  process.exitCode = EXIT_CODES[report.verdict];
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
