import { join } from "node:path";
import {
  AwsFunctionVariables,
  AwsRecoveryPoints,
  createAwsClients,
  GithubReviews,
  GitSourceFiles,
  GitSourceRepository,
  INSIDE_CHECKLIST,
  LambdaFunctionDeployer,
  ProcessCommandRunner,
  SecretlintScanner,
  s3State,
  TerraformCodeChecks,
} from "@slipway/aws";
import type { EnvironmentConfig, SlipwayConfig, Waiver } from "@slipway/contracts";
import {
  type CodeReviews,
  createRedactor,
  FileEvidenceStore,
  fetchHttpClient,
  type Ledger,
  learnEnvironment,
  type Progress,
  type Redactor,
  type RunChecklistOptions,
  type RunChecklistPorts,
  redactedProgress,
  systemClock,
  type TerraformCode,
} from "@slipway/release-engine";
import { openEnvironmentLedger } from "../release/open-ledger.ts";
import { type OpenedPolicy, openPolicy } from "../release/open-policy.ts";
import { readSetup } from "../setup/read-setup.ts";
import { apiUrlOf } from "../target/api-url-of.ts";
import { environmentAccess } from "../target/environment-view.ts";
import type { TargetAws } from "../target/target-aws.ts";
import { targetClock } from "../target/target-clock.ts";
import { findAllOrphans } from "./find-all-orphans.ts";
import { available, orUnavailable } from "./unavailable.ts";

/** What a checklist is gone through for. */
export interface ChecklistPlace {
  /** Absolute path of the folder with slipway.config.ts. */
  readonly repository: string;
  readonly config: SlipwayConfig;
  readonly environment: string;
  readonly target: TargetAws;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  /** Beside those of slipway.config.ts. */
  readonly waivers?: readonly Waiver[];
  /** Look at everything anew. */
  readonly fresh?: boolean;
  /** Leave out what takes minutes. */
  readonly quick?: boolean;
  /** The environment's ledger, what takes secrets out, and who knows the rules, where the caller has them open; they stay open. */
  readonly opened?: {
    readonly ledger: Pick<Ledger, "read">;
    readonly redactor: Redactor;
    readonly policy: Pick<OpenedPolicy, "inForce">;
  };
}

/** Everything that `runChecklist` and `checklistHandler` need. */
export interface OpenedChecklist {
  readonly ports: RunChecklistPorts;
  readonly options: Omit<RunChecklistOptions, "checks" | "signal">;
  close(): void;
}

/**
 * Opens what a checklist looks through. What cannot be opened, such as an AWS without credentials or a machine without Terraform, makes
 * the lines unknown that are about it, and no others.
 *
 * @throws ReleaseError `interrupted`
 */
export async function openChecklist(place: ChecklistPlace): Promise<OpenedChecklist> {
  const { repository, config, environment: name, target, env, signal, progress } = place;
  const environment = config.environments[name] as EnvironmentConfig;
  const { region, endpoint } = target;
  const access = await orUnavailable(() => environmentAccess({ config, environment: name, target, signal }));
  const known = "value" in access ? access.value : undefined;
  const clock = known?.clock ?? (await targetClock(target));
  const history = await openHistory(place);
  const source = new GitSourceRepository(repository, env);
  const reviews = await reviewsOf(source, env, signal);
  // On local AWS each under its own role: who plans reads what Terraform reads, who operates reads versions of functions.
  const readers = createAwsClients({ region, endpoint, credentials: known?.readCredentials });
  const operators = createAwsClients({ region, endpoint, credentials: known?.credentials });
  const bucket = () => available(access).bucket;
  const { stateKey } = environment.terraform;
  return {
    ports: {
      ...{ source, clock, systemClock, http: fetchHttpClient },
      // What tests print; a release takes secrets out of all of its details.
      progress: place.opened === undefined ? redactedProgress(progress, history.redactor) : progress,
      commands: new ProcessCommandRunner(repository, env),
      files: new GitSourceFiles(repository, env),
      secrets: new SecretlintScanner(repository),
      terraform: await terraformCode(place),
      ledger: { read: (aborted) => available(history.ledger).read(aborted) },
      redactor: history.redactor,
      state: {
        name,
        location: stateKey,
        read: async (aborted) => s3State(readers.s3, name, { bucket: bucket(), key: stateKey }).read(aborted),
      },
      recovery: new AwsRecoveryPoints(readers, bucket),
      functions: new LambdaFunctionDeployer(operators.lambda, (found) => learnEnvironment(history.redactor, found)),
      variables: new AwsFunctionVariables(operators.lambda),
      orphans: {
        find: (aborted = signal) => findAllOrphans({ repository, config, target, now: clock.now(), signal: aborted }),
      },
      store: new FileEvidenceStore(join(repository, ".slipway", "evidence")),
      ...(reviews === undefined ? {} : { reviews }),
      policy: (place.opened?.policy ?? openPolicy({ repository, config, environment: name, env })).inForce,
    },
    options: {
      ...{ environment: name, config: environment, infrastructure: config.infrastructure },
      policy: config.infrastructurePolicy ?? { requiredTags: [], accepted: [], next: {} },
      ...{ target: target.label, flags: target.flags },
      waivers: [...environment.release.waivers, ...(place.waivers ?? [])],
      ...{ fresh: place.fresh === true, quick: place.quick === true },
      nested: env[INSIDE_CHECKLIST] !== undefined,
      apiUrl: ({ outputs }) => apiUrlOf({ outputs, urlOutput: environment.api.urlOutput, endpoint }),
    },
    close() {
      readers.destroy();
      operators.destroy();
      history.close();
    },
  };
}

async function openHistory({ opened, config, environment, target, env, signal }: ChecklistPlace) {
  if (opened !== undefined) {
    return { ledger: { value: opened.ledger }, redactor: opened.redactor, close: () => {} };
  }
  const redactor = createRedactor();
  learnEnvironment(redactor, env);
  const history = await orUnavailable(() =>
    openEnvironmentLedger({ config, environment, target, env, signal, redactor }),
  );
  return {
    ledger: "value" in history ? { value: history.value.ledger } : history,
    redactor,
    close: () => ("value" in history ? history.value.close() : undefined),
  };
}

/** Absent where the remote is not on GitHub, or nobody gave a token. */
async function reviewsOf(
  source: GitSourceRepository,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<CodeReviews | undefined> {
  const { GITHUB_TOKEN: token = "", GITHUB_API_URL: apiUrl = "" } = env;
  const repository = token === "" ? undefined : await source.githubRepository(signal);
  return repository === undefined
    ? undefined
    : new GithubReviews({ http: fetchHttpClient, repository, token, ...(apiUrl === "" ? {} : { apiUrl }) });
}

async function terraformCode({ repository, config, environment, env }: ChecklistPlace): Promise<TerraformCode> {
  const setup = await orUnavailable(() => readSetup());
  const checks = () => {
    const { terraform, provider } = available(setup);
    const { directory } = (config.environments[environment] as EnvironmentConfig).terraform;
    return new TerraformCodeChecks({
      ...{ binary: terraform.path, env, repository, infrastructure: config.infrastructure, directory },
      ...(provider.source === "mirror" ? { pluginDir: provider.dir } : {}),
    });
  };
  return {
    format: async (signal) => checks().format(signal),
    validate: async (signal) => checks().validate(signal),
  };
}
