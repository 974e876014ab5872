import { join } from "node:path";
import { apiUrlAt, buildFunction, createAwsClients, LambdaFunctionDeployer, S3ArtifactStore } from "@slipway/aws";
import type { EnvironmentConfig, FunctionConfig, RehearsalReport, SlipwayConfig } from "@slipway/contracts";
import type { Health } from "@slipway/local-aws";
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
  type Terraform,
} from "@slipway/release-engine";
import type { SetupRecord } from "../../../../scripts/setup/setup-record.mjs";
import { type Identities, openIdentities, type RehearsalCredentials, roleArnsOf } from "./identities.ts";
import { type RehearsalRoot, rehearsalRoots } from "./rehearsal-roots.ts";
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
  const identities = await openIdentities(rehearsal);
  const [infrastructure, built] = await together(rehearsal.signal, [
    (signal) => applyAll(rehearsal, environment, identities, signal),
    (signal) => buildAll(rehearsal, environment, signal),
  ]);
  const { bootstrap, main, roleArns } = infrastructure;
  const releases = await releaseAll(rehearsal, await identities.of("deploy", roleArns), main, built);

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
    roles: { ...identities.used },
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

async function applyAll(
  rehearsal: Rehearsal,
  environment: EnvironmentConfig,
  identities: Identities,
  signal: AbortSignal,
): Promise<{
  bootstrap: InfrastructureResult;
  main: InfrastructureResult;
  roleArns: Readonly<Record<string, string>> | undefined;
}> {
  const { config, environment: name } = rehearsal;
  const roots = await rehearsalRoots(rehearsal);
  const apply = (root: RehearsalRoot, terraform: Terraform, backendConfig?: Readonly<Record<string, string>>) =>
    applyInfrastructure(
      { ...ports(rehearsal), terraform },
      { ...root, ...(backendConfig === undefined ? {} : { backendConfig }), reconfigure: true, signal },
    );

  const bootstrap = await apply(
    roots.bootstrap,
    roots.terraform(() => identities.bootstrap()),
  );
  assertNotInterrupted(signal, `before ${name} was planned`);
  const bucket = outputText(bootstrap.outputs, config.bootstrap.outputs.stateBucket, "bootstrap.outputs.stateBucket");
  const roleArns = roleArnsOf(bootstrap.outputs, config, name);
  const terraform = roots.terraform((purpose) => identities.of(purpose === "read" ? "plan" : "provision", roleArns));
  const { stateKey: key } = environment.terraform;
  const main = await apply(roots.environment, terraform, { bucket, key, region: rehearsal.localAws.region });
  return { bootstrap, main, roleArns };
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
  credentials: RehearsalCredentials,
  infrastructure: InfrastructureResult,
  built: readonly BuiltFunction[],
): Promise<(CodeResult & { name: string; functionName: string })[]> {
  const { localAws, environment } = rehearsal;
  const clients = createAwsClients({
    region: localAws.region,
    endpoint: localAws.endpoint,
    credentials,
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
