import type { Evidence, ValidationConfig } from "@slipway/contracts";
import { assertNotInterrupted } from "./assert-not-interrupted.ts";
import { checkDrift, type DriftQuestion, driftUnknown } from "./check-drift.ts";
import { deploymentEvidence, lookAtResources } from "./look-at-resources.ts";
import type { Clock } from "./ports/clock.ts";
import type { HttpClient } from "./ports/http-client.ts";
import type { LiveChecks, LiveFinding } from "./ports/live-checks.ts";
import type { Progress } from "./ports/progress.ts";
import type { Terraform } from "./ports/terraform.ts";
import type { StateSource } from "./ports/terraform-states.ts";
import { ReleaseError } from "./release-error.ts";
import { runPhase } from "./run-phase.ts";

export interface ValidateDeploymentPorts {
  state: StateSource;
  checks: LiveChecks;
  http: HttpClient;
  /** Absent: drift is not looked for, and so unknown. */
  terraform?: Terraform;
  clock: Clock;
  progress: Progress;
}

export interface ValidateDeploymentOptions extends DriftQuestion {
  /** What phases are called by. */
  phase: string;
  /** Which alarms may ring. */
  validation: Pick<ValidationConfig, "alarmsNotAboutReleases">;
  /** What to type or do where nothing is deployed. */
  howToDeploy: string;
  /** URL that answers 2xx when the API is well; that it is in no output makes its health unknown. */
  healthUrl?: (outputs: TerraformOutputValues) => string | undefined;
}

/** Output values of a state that are not sensitive. */
export type TerraformOutputValues = Readonly<Record<string, unknown>>;

const HEALTH_TIMEOUT_MS = 10_000;
const BY_CHECK = new Intl.Collator("en");

/**
 * Looks at what was deployed, as it is now: each resource of the state by itself, the API's health, and whether the
 * configuration and AWS still agree.
 *
 * @throws {ReleaseError} when the state cannot be read; everything else that cannot be looked at is `unknown`
 */
export async function validateDeployment(
  ports: ValidateDeploymentPorts,
  options: ValidateDeploymentOptions,
): Promise<readonly Evidence[]> {
  const { phase, validation, signal } = options;
  const state = await ports.state.read(signal);
  const at = () => new Date(ports.clock.now()).toISOString();
  if (state === undefined || state.resources.length === 0) {
    const found = `the state ${ports.state.location} ${state === undefined ? "does not exist" : "holds nothing"}`;
    const next = options.howToDeploy;
    return [
      { check: "deployment.exists", title: "The environment is deployed", status: "fail", found, next, at: at() },
    ];
  }
  const looked = await lookAtResources(ports, state.resources, { phase, validation, signal });
  assertNotInterrupted(signal, `before the API of ${phase} was asked`);
  const health =
    options.healthUrl === undefined ? [] : [await checkHealth(ports.http, options.healthUrl(state.outputs))];
  assertNotInterrupted(signal, `before ${phase} was compared with its code`);
  const drift = await compareWithCode(ports, options);
  return [...looked, ...health.map((one) => deploymentEvidence(one, ports.clock)), drift].sort(
    (left, right) =>
      BY_CHECK.compare(left.check, right.check) || BY_CHECK.compare(left.subject ?? "", right.subject ?? ""),
  );
}

async function compareWithCode(
  { terraform, clock, progress }: ValidateDeploymentPorts,
  { healthUrl: _, phase, howToDeploy: __, validation: ___, ...question }: ValidateDeploymentOptions,
): Promise<Evidence> {
  const { value } = await runPhase(
    { clock, progress },
    { phase: `${phase}.drift`, title: `compare ${phase} with its code` },
    async (onLine) => {
      const value = terraform === undefined ? driftUnknown : await checkDrift(terraform, question, onLine);
      return { value, summary: value.found };
    },
  );
  return deploymentEvidence(value, clock);
}

async function checkHealth(http: HttpClient, url: string | undefined): Promise<LiveFinding> {
  const base = { check: "api-healthy", title: "The API answers" } as const;
  if (url === undefined) {
    const next = "compare api.urlOutput in slipway.config.ts with the outputs of the environment";
    return { ...base, status: "unknown", found: "its URL is in no output of the state", next };
  }
  try {
    const { status } = await http.send({ method: "GET", url, headers: {}, timeoutMs: HEALTH_TIMEOUT_MS });
    return status >= 200 && status < 300
      ? { ...base, status: "pass", found: `GET ${url} answers ${status}` }
      : { ...base, status: "fail", found: `GET ${url} answers ${status}`, next: `curl -i '${url}'` };
  } catch (error) {
    if (error instanceof ReleaseError) {
      return { ...base, status: "fail", found: `${error.what}: ${error.why}`, next: error.next };
    }
    throw error;
  }
}
