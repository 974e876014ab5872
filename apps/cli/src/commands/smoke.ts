import type { FunctionConfig, SmokeResult } from "@slipway/contracts";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { renderSmoke } from "../rehearsal/render-report.ts";
import { TARGET_OPTIONS, type TargetOptions, targetAws } from "../target/target-aws.ts";
import { nearestNames } from "../terminal/nearest-names.ts";
import { UserError } from "../user-error.ts";

interface SmokeOptions extends TargetOptions {
  readonly url?: string;
  readonly version?: string;
  readonly function?: string;
  readonly output?: "text" | "json";
}

/** What was asked, and what came of it. */
interface Asked {
  readonly url?: string;
  readonly functionName?: string;
  readonly functionVersion?: string;
  readonly result: SmokeResult;
}

type Loaded = Awaited<ReturnType<typeof import("../environment-config.ts")["loadEnvironment"]>>;

const NOT_FOUND_OUT = 2;

/** `slipway smoke`: the smoke test of an environment, through its API or on one version of its function. */
export const smoke: Command = {
  name: "smoke",
  summary: "run an environment's smoke test; exit code 0 passed, 1 failed, 2 it could not be run",
  arguments: [{ name: "[environment]", description: "as in slipway.config.ts (default: prod)" }],
  options: [
    { flags: "--url <url>", description: "URL of the API's stage (default: what the environment's state has)" },
    {
      flags: "--version <number>",
      description: "ask this version of the function, past gateway and alias: whether it has traffic or not",
    },
    { flags: "--function <name>", description: "with --version: which function, as in slipway.config.ts" },
    ...TARGET_OPTIONS,
    OUTPUT_OPTION,
  ],
  examples: [
    "slipway smoke prod",
    "slipway smoke prod --local --version 7",
    "slipway smoke prod --url https://abc.execute-api.us-east-1.amazonaws.com/prod",
  ],
  failureCode: NOT_FOUND_OUT,
  json: { documents: ["smoke-report"] },
  async run(options: SmokeOptions, io: CommandIo, [name = "prod"]: readonly string[]): Promise<number> {
    assertFits(options);
    // Loaded now, because they bring the schemas: `slipway --help` should not wait for those.
    const { loadEnvironment } = await import("../environment-config.ts");
    const loaded = await loadEnvironment(io.cwd, name);
    const { result, ...what } =
      options.version === undefined
        ? await askApi(options, io, name, loaded)
        : await askVersion(options, io, name, loaded, options.version);
    io.stdout.write(
      options.output === "json"
        ? `${JSON.stringify({ version: 1, environment: name, ...what, ...result })}\n`
        : renderSmoke(result),
    );
    const at = what.url ?? `version ${what.functionVersion} of ${what.functionName}`;
    io.stderr.write(`Smoke test of ${name} at ${at}: ${result.passed ? "passed" : "FAILED"}\n`);
    return result.passed ? 0 : 1;
  },
};

/** @throws UserError for what cannot be read, or has no effect */
function assertFits({ url, version, function: name }: SmokeOptions): void {
  if (url !== undefined && (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))) {
    throw new UserError(`--url: '${url}' is no http or https URL.`);
  }
  if (url !== undefined && version !== undefined) {
    throw new UserError("--version: a version is asked past the API, so --url has no effect. Leave one of them out.");
  }
  if (version !== undefined && !/^[1-9]\d*$/.test(version)) {
    throw new UserError(`--version: '${version}' is no number of a version, such as 7.`);
  }
  if (name !== undefined && version === undefined) {
    throw new UserError("--function: is for --version NUMBER.");
  }
}

async function askApi(options: SmokeOptions, io: CommandIo, name: string, loaded: Loaded): Promise<Asked> {
  const { fetchHttpClient, runSmokeTests, systemClock } = await import("@slipway/release-engine");
  const url = options.url ?? (await deployedUrl(options, io, name, loaded));
  const ports = { http: fetchHttpClient, clock: systemClock };
  return { url, result: await runSmokeTests(ports, url, loaded.environment.smoke, { signal: io.signal }) };
}

/** Where the API answers that the environment's state tells of. */
async function deployedUrl(
  options: SmokeOptions,
  io: CommandIo,
  name: string,
  { config, environment }: Loaded,
): Promise<string> {
  const [{ apiUrlAt }, { outputText }, { environmentView }] = await Promise.all([
    import("@slipway/aws"),
    import("@slipway/release-engine"),
    import("../target/environment-view.ts"),
  ]);
  const target = await targetAws(options, io, config.region);
  const { state } = await environmentView({ config, environment: name, target, signal: io.signal });
  const url = outputText(state.outputs, environment.api.urlOutput, `environments.${name}.api.urlOutput`);
  return target.endpoint === undefined ? url : apiUrlAt(url, target.endpoint);
}

async function askVersion(
  options: SmokeOptions,
  io: CommandIo,
  name: string,
  { repository, config, environment }: Loaded,
  version: string,
): Promise<Asked> {
  const [{ LambdaInvoker }, { outputText, smokeVersion, systemClock }, { environmentView }, { releaseAccess }] =
    await Promise.all([
      import("@slipway/aws"),
      import("@slipway/release-engine"),
      import("../target/environment-view.ts"),
      import("../release/release-access.ts"),
    ]);
  const { env, signal } = io;
  const target = await targetAws(options, io, config.region);
  const { name: chosen, outputs } = chooseFunction(environment.functions, options.function);
  const { state } = await environmentView({ config, environment: name, target, signal });
  const functionName = outputText(state.outputs, outputs.functionName, `functions.${chosen}.outputs.functionName`);
  // Who deploys may invoke versions; who operates asks the API.
  const access = await releaseAccess({
    repository,
    config,
    environment: name,
    target,
    env,
    progress: { report() {} },
    signal,
  });
  const invoker = new LambdaInvoker(access.client("deploy"));
  try {
    const { resources } = environment.api;
    const result = await smokeVersion(
      { invoker, clock: systemClock },
      { functionName, version, stage: name, resources },
      environment.smoke,
      { signal },
    );
    return { functionName, functionVersion: version, result };
  } finally {
    invoker.close();
  }
}

/** The one that the API leads to, unless another is named. */
function chooseFunction(functions: readonly FunctionConfig[], wanted: string | undefined): FunctionConfig {
  const names = functions.map(({ name }) => name);
  const proven = functions.filter(({ proof }) => proof === "smoke");
  const chosen =
    wanted === undefined
      ? (proven.length === 1 ? proven : functions.length === 1 ? functions : [])[0]
      : functions.find(({ name }) => name === wanted);
  if (chosen !== undefined) {
    return chosen;
  }
  throw new UserError(
    wanted === undefined
      ? `--version: of which function? There are ${names.join(", ")}. Add --function NAME.`
      : `--function: slipway.config.ts has no function ${wanted}; it has ${nearestNames(wanted, names).join(", ")}.`,
  );
}
