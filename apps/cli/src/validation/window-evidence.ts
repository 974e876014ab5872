import { AwsAlarmsReader, AwsDeployedFunctions, AwsMetricsReader } from "@slipway/aws";
import { AwsLiveChecks } from "@slipway/aws/live-checks";
import { AwsLogsReader } from "@slipway/aws/logs";
import { AwsUsageReader } from "@slipway/aws/usage";
import type {
  EnvironmentConfig,
  Evidence,
  SignOff,
  SlipwayConfig,
  ValidationConfig,
  ValidationMeasurements,
  ValidationWindow,
} from "@slipway/contracts";
import {
  type CheckpointEvidence,
  type Clock,
  choosePrices,
  deploymentEvidence,
  driftUnknown,
  fetchHttpClient,
  guarded,
  judgeValidation,
  lookAtResources,
  measureValidation,
  type Progress,
  type Redactor,
  redactedLogs,
  systemClock,
  validateDeployment,
  WINDOWS,
} from "@slipway/release-engine";
import { ControlClient } from "../local/control-client.ts";
import { LocalAlarmExerciser } from "../local/local-alarm-exerciser.ts";
import type { EnvironmentIdentities } from "../rehearsal/identities.ts";
import { apiUrlOf } from "../target/api-url-of.ts";
import { type EnvironmentView, environmentView } from "../target/environment-view.ts";
import { environmentWork } from "../target/environment-work.ts";
import { costLabelOf, type TargetAws } from "../target/target-aws.ts";

/** What is validated. */
export interface EvidencePlace {
  readonly repository: string;
  readonly config: SlipwayConfig;
  /** Its name. */
  readonly environment: string;
  readonly target: TargetAws;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
  /** The target's time, where the caller has a clock of its own for it. */
  readonly clock?: Clock;
  /** On local AWS: who works on the environment, where the caller has a use for knowing them. */
  readonly identities?: EnvironmentIdentities;
  /** Where what is measured is written down: takes secrets out of what logs say. */
  readonly redactor?: Redactor;
  /** Throws where nothing may be changed any more: asked right before each request to the API, and before each drill of an alarm. */
  readonly assertHeld?: () => void;
}

/** What is asked of it. */
export interface WindowQuestion {
  readonly window: ValidationWindow;
  /**
   * Whether the immediate window compares with the configuration, which takes Terraform: `left-out` says that nobody did, `not-asked` says
   * nothing of it.
   */
  readonly drift: "compared" | "left-out" | "not-asked";
  readonly smoke: boolean;
  /** When the release was, in milliseconds since the epoch on the target's clock, and who says so. */
  readonly released?: { readonly at: number; readonly from: string };
  readonly signOff?: Omit<SignOff, "at"> & Partial<SignOff>;
  /** What resources are judged by; as it is checked out, unless given. */
  readonly limits?: ValidationConfig | undefined;
  readonly signal: AbortSignal;
}

/** For every check of a window to have something to judge. */
const ENOUGH_REQUESTS: Readonly<Record<ValidationWindow, number>> = { immediate: 200, short: 200, extended: 1_000 };

/** What a validation of one of the guide's windows is made of: `slipway validate --window` and a release's checkpoints see the same. */
export class WindowEvidence implements CheckpointEvidence {
  readonly #place: EvidencePlace;
  readonly #environment: EnvironmentConfig;
  /** Where the API answered when it was last measured. */
  #apiUrl: string | undefined;

  constructor(place: EvidencePlace) {
    this.#place = place;
    this.#environment = place.config.environments[place.environment] as EnvironmentConfig;
  }

  /** For a checkpoint: the ledger says when the release was, and the release itself has compared with the configuration. */
  measure({ releasedAt, ...question }: Parameters<CheckpointEvidence["measure"]>[0]) {
    return this.measureWindow({ ...question, drift: "not-asked", released: { at: releasedAt, from: "the ledger" } });
  }

  /**
   * Looks at what is deployed, and measures.
   *
   * @throws UserError when nothing is deployed
   * @throws ReleaseError when the state cannot be read, or it is interrupted
   */
  async measureWindow(question: WindowQuestion): ReturnType<CheckpointEvidence["measure"]> {
    const { config, environment: name, target, progress, identities, redactor, assertHeld = () => {} } = this.#place;
    const { window, smoke, released, signOff, signal } = question;
    const view = await environmentView({
      config,
      environment: name,
      target,
      signal,
      ...(identities && { identities }),
    });
    const clock = this.#place.clock ?? view.clock;
    const { region, endpoint } = target;
    const client = {
      region,
      ...(endpoint && { endpoint }),
      ...(view.credentials && { credentials: view.credentials }),
    };
    const logs = new AwsLogsReader(client);
    const ports = {
      functions: new AwsDeployedFunctions(client),
      metrics: new AwsMetricsReader(client),
      logs,
      alarms: new AwsAlarmsReader(client),
    };
    try {
      const deployment = await this.#lookAtDeployment(question, view, clock);
      // Costs are read as `slipway costs` reads them: by who may look at everything.
      const usage = new AwsUsageReader({
        ...{ region, endpoint, credentials: target.credentials, clock: systemClock, signal },
      });
      this.#apiUrl = apiUrlOf({ outputs: view.state.outputs, urlOutput: this.#environment.api.urlOutput, endpoint });
      const measurements = await measureValidation(
        {
          ...{ ...ports, usage, progress, http: guarded(fetchHttpClient, assertHeld, ["send"]), clock },
          ...(redactor && { logs: redactedLogs(logs, redactor) }),
          ...(target.isLocal
            ? { exerciser: guarded(new LocalAlarmExerciser(controlOf(target)), assertHeld, ["exercise"]) }
            : {}),
        },
        {
          ...{ environment: name, window, signal, region, config: this.#environment },
          ...{ state: view.state, resources: view.resources },
          infrastructurePolicy: config.infrastructurePolicy,
          root: this.#environment.terraform.directory.slice(config.infrastructure.replace(/\/+$/, "").length + 1),
          prices: () => choosePrices({ region, signal }),
          costLabel: costLabelOf(target),
          ...{ apiUrl: this.#apiUrl, smoke },
          ...(released === undefined ? {} : { releasedAt: released.at, releasedFrom: released.from }),
          ...(signOff === undefined ? {} : { signOff }),
        },
      );
      return { deployment, measurements };
    } finally {
      for (const port of Object.values(ports)) {
        port.close();
      }
    }
  }

  /**
   * @param ownRequests that do not count towards the number from which a rate is judged
   * @param validation other limits than those that are checked out
   */
  judge(
    measurements: ValidationMeasurements,
    ownRequests = 0,
    validation = this.#environment.validation,
  ): readonly Evidence[] {
    const { environment: name, target } = this.#place;
    const { window } = measurements;
    const url = this.#apiUrl ?? "URL";
    return judgeValidation({
      measurements,
      config: { ...validation, minimumRequests: validation.minimumRequests + ownRequests },
      flags: target.flags,
      makeTraffic: target.isLocal
        ? `slipway local traffic ${name} --over ${WINDOWS[window].word} --requests ${ENOUGH_REQUESTS[window]}${target.flags.replace(" --local", "")}`
        : `slipway smoke ${name} --url '${url}'`,
    });
  }

  /** The looks at resources are quick, and belong to every window; the plan is slow, and belongs to the first. */
  async #lookAtDeployment(
    { window, drift, limits: validation = this.#environment.validation, signal }: WindowQuestion,
    view: EnvironmentView,
    clock: Clock,
  ): Promise<readonly Evidence[]> {
    const { repository, config, environment: name, target, env, progress } = this.#place;
    const { region, endpoint } = target;
    const checks = new AwsLiveChecks({
      region,
      endpoint,
      credentials: view.readCredentials,
    });
    const ports = { checks, progress, clock };
    try {
      if (window === "immediate" && drift === "compared") {
        const work = await environmentWork({ repository, config, environment: name, target, env, progress, signal });
        try {
          const { terraform, init, planFile, variables, howToDeploy } = work;
          const state = { name, location: name, read: async () => view.state };
          return await validateDeployment(
            { ...ports, state, terraform, http: fetchHttpClient },
            { ...init, phase: name, validation, planFile, variables, howToDeploy, signal },
          );
        } finally {
          work.release();
        }
      }
      const looked = await lookAtResources(ports, view.state.resources, { phase: name, validation, signal });
      return window === "immediate" && drift === "left-out"
        ? [...looked, deploymentEvidence(driftUnknown, clock)]
        : looked;
    } finally {
      checks.close();
    }
  }
}

function controlOf({ endpoint }: TargetAws): ControlClient {
  return new ControlClient(Number(new URL(endpoint ?? "").port));
}
