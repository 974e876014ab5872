import { join } from "node:path";
import {
  apiUrlAt,
  buildFunction,
  createAwsClients,
  LambdaFunctionDeployer,
  localAwsEnvironment,
  prepareWorkingCopy,
  S3ArtifactStore,
  TerraformCli,
} from "@slipway/aws";
import type { EnvironmentConfig, FunctionConfig, RehearsalReport, SlipwayConfig } from "@slipway/contracts";
import { type Health, ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY } from "@slipway/local-aws";
import {
  type Artifact,
  applyInfrastructure,
  assertNotInterrupted,
  type CodeResult,
  fetchHttpClient,
  type InfrastructureResult,
  outputText,
  type Progress,
  packageFunction,
  releaseCode,
  runPhase,
  runSmokeTests,
  systemClock,
} from "@slipway/release-engine";
import type { SetupRecord } from "../../../../scripts/setup/setup-record.mjs";
import { terraformEnv } from "../setup/terraform-process.ts";
import { together } from "./together.ts";

/** What a rehearsal needs to know. */
export interface Rehearsal {
  /** The repository that is rehearsed, with its slipway.config.ts. */
  readonly repository: string;
  readonly config: SlipwayConfig;
  readonly environment: string;
  readonly localAws: Health;
  readonly setup: SetupRecord;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

interface BuiltFunction {
  readonly config: FunctionConfig;
  readonly artifact: Artifact;
  readonly durationMs: number;
}

/**
 * Takes an environment to production on local AWS: bootstrap, infrastructure, code, smoke test. The functions are built while
 * Terraform waits for AWS. Everything that is there already is left as it is.
 *
 * @throws ReleaseError when a step fails
 */
export async function rehearseEnvironment(rehearsal: Rehearsal): Promise<RehearsalReport> {
  const startedAt = performance.now();
  const { config, environment: name, localAws } = rehearsal;
  const environment = config.environments[name] as EnvironmentConfig;
  const [infrastructure, built] = await together(rehearsal.signal, [
    (signal) => applyAll(rehearsal, environment, signal),
    (signal) => buildAll(rehearsal, environment, signal),
  ]);
  const { bootstrap, main } = infrastructure;
  const releases = await releaseAll(rehearsal, main, built);

  const apiUrl = apiUrlAt(
    outputText(main.outputs, environment.api.urlOutput, `environments.${name}.api.urlOutput`),
    localAws.endpoint,
  );
  const { value: smoke } = await runPhase(ports(rehearsal), { phase: "smoke", title: "smoke test" }, async (line) => {
    const value = await runSmokeTests({ http: fetchHttpClient, clock: systemClock }, apiUrl, environment.smoke, {
      onStep: (step) => line(`${step.outcome} ${step.name}`),
      signal: rehearsal.signal,
    });
    const steps = [...value.steps, ...value.cleanup];
    const passed = steps.filter(({ outcome }) => outcome === "passed").length;
    return { value, summary: `${passed} of ${steps.length} steps passed` };
  });

  const [first] = releases;
  return {
    version: 1,
    label: "rehearsed on local AWS",
    environment: name,
    endpoint: localAws.endpoint,
    apiUrl,
    functionVersion: first?.functionVersion ?? "",
    artifactSha256: first?.artifactSha256 ?? "",
    functions: releases.map(({ durationsMs: _, ...release }) => release),
    terraform: { bootstrap: bootstrap.counts, [name]: main.counts },
    durationsMs: {
      bootstrap: bootstrap.durationsMs.total,
      [name]: main.durationsMs.total,
      build: Math.max(...built.map(({ durationMs }) => durationMs)),
      code: releases.reduce((sum, { durationsMs }) => sum + durationsMs.total, 0),
      smoke: smoke.durationMs,
      total: Math.round(performance.now() - startedAt),
    },
    smoke,
    changed: bootstrap.changed || main.changed || releases.some(({ changed }) => changed),
  };
}

function ports({ progress }: Rehearsal) {
  return { clock: systemClock, progress };
}

/** Nothing of the developer's own AWS configuration gets in: a rehearsal that reached the real AWS would be a deployment. */
function environmentOf({ env, localAws }: Rehearsal): NodeJS.ProcessEnv {
  return localAwsEnvironment(env, {
    endpoint: localAws.endpoint,
    region: localAws.region,
    accessKeyId: ROOT_ACCESS_KEY_ID,
    secretAccessKey: ROOT_SECRET_ACCESS_KEY,
  });
}

async function applyAll(
  rehearsal: Rehearsal,
  environment: EnvironmentConfig,
  signal: AbortSignal,
): Promise<{ bootstrap: InfrastructureResult; main: InfrastructureResult }> {
  const { repository, config, environment: name, localAws, setup } = rehearsal;
  // Inside of the state, so that a reset or a snapshot of local AWS takes Terraform's own memory along.
  const target = join(localAws.dataDir, "state", "rehearsal");
  const copy = await prepareWorkingCopy({
    repository,
    infrastructure: config.infrastructure,
    roots: [
      { directory: config.bootstrap.directory, state: "beside" },
      { directory: environment.terraform.directory, state: "as-configured" },
    ],
    target,
    endpoint: localAws.endpoint,
  });
  const terraform = new TerraformCli({
    binary: setup.terraform.path,
    env: terraformEnv(environmentOf(rehearsal)),
    pluginDir: setup.provider.source === "mirror" ? setup.provider.dir : undefined,
    // The rehearsal's lock is ours, so a lock on the state is one that a killed rehearsal left.
    breakLock: () => true,
    // And a state that its Terraform could not put back, because local AWS was gone, is the truth about what it made.
    recoverState: true,
  });
  const apply = (
    phase: string,
    directory: string,
    variables: EnvironmentConfig["terraform"]["variables"],
    more: object,
  ) =>
    applyInfrastructure(
      { ...ports(rehearsal), terraform },
      {
        phase,
        directory: copy.roots[directory]?.directory ?? "",
        backendConfigFiles: copy.roots[directory]?.backendConfigFiles ?? [],
        planFile: join(target, "plans", `${phase}.tfplan`),
        variables,
        reconfigure: true,
        signal,
        ...more,
      },
    );

  const bootstrap = await apply("bootstrap", config.bootstrap.directory, config.bootstrap.variables, {});
  assertNotInterrupted(signal, `before ${name} was planned`);
  const bucket = outputText(bootstrap.outputs, config.bootstrap.outputs.stateBucket, "bootstrap.outputs.stateBucket");
  const main = await apply(name, environment.terraform.directory, environment.terraform.variables, {
    backendConfig: { bucket, key: environment.terraform.stateKey, region: localAws.region },
  });
  return { bootstrap, main };
}

function buildAll(rehearsal: Rehearsal, environment: EnvironmentConfig, signal: AbortSignal): Promise<BuiltFunction[]> {
  return together(
    signal,
    environment.functions.map((config) => async (inner: AbortSignal): Promise<BuiltFunction> => {
      const { value: artifact, durationMs } = await runPhase(
        ports(rehearsal),
        { phase: `${config.name}.build`, title: `build ${config.name}` },
        async (line) => {
          const cwd = join(rehearsal.repository, config.directory);
          await buildFunction({ argv: config.build, cwd, env: rehearsal.env, onLine: line, signal: inner });
          const value = await packageFunction(join(rehearsal.repository, config.artifact));
          return { value, summary: `${Math.round(value.bytes.length / 1024)} KB, sha256 ${value.sha256.slice(0, 12)}` };
        },
      );
      return { config, artifact, durationMs };
    }),
  );
}

async function releaseAll(
  rehearsal: Rehearsal,
  infrastructure: InfrastructureResult,
  built: readonly BuiltFunction[],
): Promise<(CodeResult & { name: string; functionName: string })[]> {
  const { localAws, environment } = rehearsal;
  const clients = createAwsClients({
    region: localAws.region,
    endpoint: localAws.endpoint,
    credentials: { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY },
  });
  try {
    const functions = new LambdaFunctionDeployer(clients.lambda);
    const releases = [];
    for (const { config, artifact } of built) {
      const { name } = config;
      const output = (key: keyof FunctionConfig["outputs"]): string =>
        outputText(
          infrastructure.outputs,
          config.outputs[key],
          `environments.${environment}.functions[].outputs.${key}`,
        );
      const functionName = output("functionName");
      const result = await releaseCode(
        { ...ports(rehearsal), store: new S3ArtifactStore(clients.s3), reader: functions, deployer: functions },
        {
          phase: name,
          functionName,
          alias: output("alias"),
          bucket: output("artifactBucket"),
          artifact,
          signal: rehearsal.signal,
        },
      );
      releases.push({ name, functionName, ...result });
    }
    return releases;
  } finally {
    clients.destroy();
  }
}
