import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { ControlClient } from "../local/control-client.ts";
import { type LocalOptions, PORT_OPTION, portOf } from "../local/local-instance.ts";
import { renderSmoke } from "../rehearsal/render-report.ts";
import { UserError } from "../user-error.ts";

interface SmokeOptions extends LocalOptions {
  readonly url?: string;
}

/** `slipway smoke`: the smoke test of an environment, against local AWS or any URL. */
export const smoke: Command = {
  name: "smoke",
  summary: "run an environment's smoke test, on local AWS or against a URL",
  arguments: [{ name: "[environment]", description: "as in slipway.config.ts (default: prod)" }],
  options: [
    { flags: "--url <url>", description: "URL of the API's stage (default: what was rehearsed on local AWS)" },
    PORT_OPTION,
    OUTPUT_OPTION,
  ],
  examples: ["slipway smoke prod", "slipway smoke prod --url https://abc.execute-api.us-east-1.amazonaws.com/prod"],
  async run(options: SmokeOptions, io: CommandIo, [name = "prod"]: readonly string[]): Promise<number> {
    // Loaded now, because they bring the schemas: `slipway --help` should not wait for those.
    const [{ loadEnvironment }, { fetchHttpClient, runSmokeTests, systemClock }] = await Promise.all([
      import("../environment-config.ts"),
      import("@slipway/release-engine"),
    ]);
    const { environment } = await loadEnvironment(io.cwd, name);
    const url = options.url === undefined ? await rehearsedUrl(options, io, name) : checkedUrl(options.url);
    const result = await runSmokeTests({ http: fetchHttpClient, clock: systemClock }, url, environment.smoke, {
      signal: io.signal,
    });
    io.stdout.write(options.output === "json" ? `${JSON.stringify({ url, ...result })}\n` : renderSmoke(result));
    io.stderr.write(`Smoke test of ${name} at ${url}: ${result.passed ? "passed" : "FAILED"}\n`);
    return result.passed ? 0 : 1;
  },
};

function checkedUrl(text: string): string {
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    throw new UserError(`--url: '${text}' is no http or https URL.`);
  }
  return text;
}

async function rehearsedUrl(options: SmokeOptions, io: CommandIo, name: string): Promise<string> {
  const port = portOf(options, io.env);
  const health = await new ControlClient(port).health();
  if (health === undefined) {
    throw new UserError(
      `No local AWS answers on port ${port}, so there is nothing to test. Type \`npm start\`, or name an API with --url URL.`,
    );
  }
  const { readLastReport } = await import("../rehearsal/last-report.ts");
  const report = readLastReport(health.dataDir);
  if (report?.environment !== name) {
    throw new UserError(
      `${name} has not been rehearsed on the local AWS on port ${port}. Type \`npm start\`, or name an API with --url URL.`,
    );
  }
  return report.apiUrl;
}
