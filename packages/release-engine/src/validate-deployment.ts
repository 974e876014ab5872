import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Evidence, Json } from "@slipway/contracts";
import { assertNotInterrupted } from "./assert-not-interrupted.ts";
import type { Clock } from "./ports/clock.ts";
import type { HttpClient } from "./ports/http-client.ts";
import type { LiveChecks, LiveFinding } from "./ports/live-checks.ts";
import type { Progress } from "./ports/progress.ts";
import type { Terraform, TerraformInit } from "./ports/terraform.ts";
import type { StateResource, StateSource } from "./ports/terraform-states.ts";
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

export interface ValidateDeploymentOptions extends Omit<TerraformInit, "onLine"> {
  /** What phases are called by. */
  phase: string;
  /** Absolute path; the file is made for the look at drift, and deleted again. */
  planFile: string;
  variables: Readonly<Record<string, Json>>;
  /** What to type or do where nothing is deployed. */
  howToDeploy: string;
  /** URL that answers 2xx when the API is well; that it is in no output makes its health unknown. */
  healthUrl?: (outputs: TerraformOutputValues) => string | undefined;
}

/** Output values of a state that are not sensitive. */
export type TerraformOutputValues = Readonly<Record<string, unknown>>;

/** Calls at the same time. */
const AT_ONCE = 8;
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
  const { phase, signal } = options;
  const state = await ports.state.read(signal);
  const resources = (state?.resources ?? []).filter((resource) => ports.checks.knows(resource));
  const at = () => new Date(ports.clock.now()).toISOString();
  if (state === undefined || state.resources.length === 0) {
    const found = `the state ${ports.state.location} ${state === undefined ? "does not exist" : "holds nothing"}`;
    const next = options.howToDeploy;
    return [
      { check: "deployment.exists", title: "The environment is deployed", status: "fail", found, next, at: at() },
    ];
  }
  const evidence = (subject: string | undefined, { check, ...rest }: LiveFinding): Evidence => ({
    check: `deployment.${check}`,
    ...(subject === undefined ? {} : { subject }),
    ...rest,
    at: at(),
  });

  const looked = await runPhase(ports, { phase: `${phase}.resources`, title: `look at ${phase}` }, async () => {
    const value = (await inTurns(resources, (resource) => lookAt(ports.checks, resource, signal))).flatMap(
      ({ resource, findings }) => findings.map((finding) => evidence(nameOf(resource), finding)),
    );
    return { value, summary: summaryOf(value) };
  });
  assertNotInterrupted(signal, `before the API of ${phase} was asked`);
  const health =
    options.healthUrl === undefined ? [] : [await checkHealth(ports.http, options.healthUrl(state.outputs))];
  assertNotInterrupted(signal, `before ${phase} was compared with its code`);
  const drift = await runPhase(
    ports,
    { phase: `${phase}.drift`, title: `compare ${phase} with its code` },
    async (onLine) => {
      const value = await checkDrift(ports.terraform, options, onLine);
      return { value, summary: value.found };
    },
  );
  return [...looked.value, ...health.map((one) => evidence(undefined, one)), evidence(undefined, drift.value)].sort(
    (left, right) =>
      BY_CHECK.compare(left.check, right.check) || BY_CHECK.compare(left.subject ?? "", right.subject ?? ""),
  );
}

async function lookAt(checks: LiveChecks, resource: StateResource, signal: AbortSignal | undefined) {
  try {
    return { resource, findings: await checks.look(resource, signal) };
  } catch (error) {
    assertNotInterrupted(signal, `while ${resource.address} was looked at`);
    if (!(error instanceof ReleaseError)) {
      throw error;
    }
    const status = error.kind === "not-found" ? ("fail" as const) : ("unknown" as const);
    const finding: LiveFinding = {
      check: "resource-there",
      title: `${resource.address} can be looked at`,
      status,
      found: `${error.what}: ${error.why}`,
      next: error.next,
    };
    return { resource, findings: [finding] };
  }
}

async function checkHealth(http: HttpClient, url: string | undefined): Promise<LiveFinding> {
  const base = { check: "api-healthy", title: "The API answers" };
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

async function checkDrift(
  terraform: Terraform | undefined,
  options: ValidateDeploymentOptions,
  onLine: (text: string) => void,
): Promise<LiveFinding> {
  const base = { check: "no-drift", title: "The configuration and AWS agree" };
  if (terraform === undefined) {
    return { ...base, status: "unknown", found: "no plan was made (--no-plan)", next: "leave --no-plan out" };
  }
  const { planFile, variables, healthUrl: _, phase: __, howToDeploy: ___, ...init } = options;
  await rm(planFile, { force: true });
  await mkdir(dirname(planFile), { recursive: true, mode: 0o700 });
  try {
    const workspace = await terraform.init({ ...init, onLine });
    const { changed, counts } = await workspace.plan({ planFile, variables, onLine, signal: options.signal });
    return changed
      ? {
          ...base,
          status: "fail",
          found: `a plan has ${counts.add} to add, ${counts.change} to change, ${counts.destroy} to destroy`,
          next: "read the plan: somebody changed AWS by hand, or the code is ahead of what was applied",
        }
      : { ...base, status: "pass", found: "a plan has nothing to do" };
  } catch (error) {
    if (error instanceof ReleaseError && error.kind !== "interrupted") {
      return { ...base, status: "unknown", found: `${error.what}: ${error.why}`, next: error.next };
    }
    throw error;
  } finally {
    await rm(planFile, { force: true });
  }
}

function nameOf({ id, name, type, attributes }: StateResource): string {
  const named = [attributes.function_name, attributes.alarm_name, attributes.name, attributes.bucket, id, name];
  const found = named.find((one): one is string => typeof one === "string" && one !== "") ?? name;
  return `${type.replace(/^aws_/, "")} ${found}`;
}

function summaryOf(evidence: readonly Evidence[]): string {
  const count = (status: Evidence["status"]) => evidence.filter((one) => one.status === status).length;
  return `${count("pass")} passed, ${count("fail")} failed, ${count("unknown")} unknown`;
}

async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const waiting = [...items.entries()];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      results[next[0]] = await work(next[1]);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
