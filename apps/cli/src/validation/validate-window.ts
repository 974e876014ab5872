import type { EnvironmentConfig, Evidence, SignOff, ValidationReport, ValidationWindow } from "@slipway/contracts";
import type { CommandIo } from "../command.ts";
import type { loadEnvironment } from "../environment-config.ts";
import { ControlClient } from "../local/control-client.ts";
import { LocalAlarmExerciser } from "../local/local-alarm-exerciser.ts";
import { parseMoment } from "../parse-time-range.ts";
import { environmentView } from "../target/environment-view.ts";
import { environmentWork } from "../target/environment-work.ts";
import { costLabelOf, type TargetAws } from "../target/target-aws.ts";
import { ProgressPrinter } from "../terminal/progress-printer.ts";
import { UserError } from "../user-error.ts";

/** What is asked for. */
export interface WindowRequest {
  readonly environment: string;
  readonly window: ValidationWindow;
  readonly target: TargetAws;
  /** Whether the immediate window compares with the configuration, too. */
  readonly plan: boolean;
  readonly smoke: boolean;
  /** As it was typed. */
  readonly releasedAt?: string;
  readonly signOff?: Omit<SignOff, "at">;
}

/** For every check of a window to have something to judge. */
const ENOUGH_REQUESTS: Readonly<Record<ValidationWindow, number>> = { immediate: 200, short: 200, extended: 1_000 };

type Loaded = Awaited<ReturnType<typeof loadEnvironment>>;
type View = Awaited<ReturnType<typeof environmentView>>;

/**
 * Validates a deployment for one of the guide's windows: looks at what is there, measures, and judges line by line.
 *
 * @throws UserError when nothing is deployed, or a flag cannot be read
 * @throws ReleaseError when the state cannot be read, or it is interrupted
 */
export async function validateWindow(request: WindowRequest, loaded: Loaded, io: CommandIo): Promise<ValidationReport> {
  const { environment: name, window, target } = request;
  const { config, environment } = loaded;
  const { signal } = io;
  const [aws, engine] = await Promise.all([import("@slipway/aws"), import("@slipway/release-engine")]);
  const view = await environmentView({ config, environment: name, target, signal });
  const releasedAt = releasedAtOf(request, view.clock.now());
  const progress = new ProgressPrinter(io);
  const { region, endpoint } = target;
  const connection = { region, ...(endpoint === undefined ? {} : { endpoint }) };
  const client = { ...connection, ...(view.credentials === undefined ? {} : { credentials: view.credentials }) };
  const ports = {
    functions: new aws.AwsDeployedFunctions(client),
    metrics: new aws.AwsMetricsReader(client),
    logs: new aws.AwsLogsReader(client),
    alarms: new aws.AwsAlarmsReader(client),
  };
  try {
    const deployment = await lookAtDeployment(request, loaded, view, io, progress);
    // Costs are read as `slipway costs` reads them: by who may look at everything.
    const usage = new aws.AwsUsageReader({
      ...{ region, endpoint, credentials: target.credentials, clock: engine.systemClock, signal },
    });
    const apiUrl = apiUrlOf(view, environment, endpoint, aws.apiUrlAt);
    const measurements = await engine.measureValidation(
      {
        ...{ ...ports, usage, progress, http: engine.fetchHttpClient, clock: view.clock },
        ...(target.isLocal ? { exerciser: new LocalAlarmExerciser(controlOf(target)) } : {}),
      },
      {
        ...{ environment: name, window, signal, region, config: environment },
        ...{ state: view.state, resources: view.resources },
        infrastructurePolicy: config.infrastructurePolicy,
        root: environment.terraform.directory.slice(config.infrastructure.replace(/\/+$/, "").length + 1),
        prices: await engine.choosePrices({ region, signal }),
        costLabel: costLabelOf(target),
        apiUrl,
        smoke: request.smoke,
        ...(releasedAt === undefined ? {} : { releasedAt }),
        ...(request.signOff === undefined ? {} : { signOff: request.signOff }),
      },
    );
    const judged = engine.judgeValidation({
      ...{ measurements, config: environment.validation, flags: target.flags },
      makeTraffic: target.isLocal
        ? `slipway local traffic ${name} --over ${engine.WINDOWS[window].word} --requests ${ENOUGH_REQUESTS[window]}${target.flags.replace(" --local", "")}`
        : `slipway smoke ${name} --url '${apiUrl ?? "URL"}'`,
    });
    const evidence = [...deployment, ...judged];
    return {
      ...{ version: 1, environment: name, target: target.label, window },
      verdict: verdictOf(evidence),
      evidence,
      measurements,
    };
  } finally {
    progress.stop();
    for (const port of Object.values(ports)) {
      port.close();
    }
  }
}

/** @throws UserError when it cannot be read, or is yet to come */
function releasedAtOf({ releasedAt: text, target }: WindowRequest, now: number): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const releasedAt = parseMoment("--released-at", text, now);
  if (releasedAt > now) {
    const [given, clock] = [releasedAt, now].map((at) => `${new Date(at).toISOString().slice(0, 19)}Z`);
    throw new UserError(`--released-at: ${given} is yet to come: on ${target.label} it is ${clock}.`);
  }
  return releasedAt;
}

/** The looks at resources are quick, and belong to every window; the plan is slow, and belongs to the first. */
async function lookAtDeployment(
  { environment: name, window, target, plan }: WindowRequest,
  { repository, config }: Loaded,
  view: View,
  { env, signal }: CommandIo,
  progress: ProgressPrinter,
): Promise<readonly Evidence[]> {
  const [{ AwsLiveChecks }, engine] = await Promise.all([import("@slipway/aws"), import("@slipway/release-engine")]);
  const { region, endpoint } = target;
  const checks = new AwsLiveChecks({
    region,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(view.readCredentials === undefined ? {} : { credentials: view.readCredentials }),
  });
  const ports = { checks, progress, clock: view.clock };
  try {
    if (window === "immediate" && plan) {
      const work = await environmentWork({ repository, config, environment: name, target, env, signal });
      try {
        const { terraform, init, planFile, variables, howToDeploy } = work;
        const state = { name, location: name, read: async () => view.state };
        return await engine.validateDeployment(
          { ...ports, state, terraform, http: engine.fetchHttpClient },
          { ...init, phase: name, planFile, variables, howToDeploy, signal },
        );
      } finally {
        work.release();
      }
    }
    const looked = await engine.lookAtResources(ports, view.state.resources, { phase: name, signal });
    return window === "immediate" ? [...looked, engine.deploymentEvidence(engine.driftUnknown, view.clock)] : looked;
  } finally {
    checks.close();
  }
}

function controlOf({ endpoint }: TargetAws): ControlClient {
  return new ControlClient(Number(new URL(endpoint ?? "").port));
}

function apiUrlOf(
  { state }: View,
  { api }: EnvironmentConfig,
  endpoint: string | undefined,
  at: (url: string, endpoint: string) => string,
): string | undefined {
  const url = state.outputs[api.urlOutput];
  if (typeof url !== "string") {
    return undefined;
  }
  return endpoint === undefined ? url : at(url, endpoint);
}

function verdictOf(evidence: readonly Evidence[]): ValidationReport["verdict"] {
  const has = (status: Evidence["status"]) => evidence.some((each) => each.status === status);
  return has("fail") ? "fail" : has("unknown") ? "unknown" : "pass";
}
