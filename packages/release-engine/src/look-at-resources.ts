import type { Evidence, ValidationConfig } from "@slipway/contracts";
import { assertNotInterrupted } from "./assert-not-interrupted.ts";
import { isNotAboutReleases, NO_RELEASE_TO_BLAME } from "./monitoring/not-about-releases.ts";
import type { Clock } from "./ports/clock.ts";
import type { LiveChecks, LiveFinding } from "./ports/live-checks.ts";
import type { Progress } from "./ports/progress.ts";
import type { StateResource } from "./ports/terraform-states.ts";
import { ReleaseError } from "./release-error.ts";
import { runPhase } from "./run-phase.ts";

/** Calls at the same time. */
const AT_ONCE = 8;

export interface LookOptions {
  /** What phases are called by. */
  readonly phase: string;
  /** Which alarms may ring. */
  readonly validation: Pick<ValidationConfig, "alarmsNotAboutReleases">;
  readonly signal?: AbortSignal;
}

/**
 * Looks at each resource of a state by itself, as it is now. That an alarm rings is no failure where no release is to blame for it.
 *
 * @throws {ReleaseError} `interrupted` when asked to stop; what cannot be looked at is `unknown`
 */
export async function lookAtResources(
  ports: { readonly checks: LiveChecks; readonly clock: Clock; readonly progress: Progress },
  resources: readonly StateResource[],
  { phase, validation, signal }: LookOptions,
): Promise<readonly Evidence[]> {
  const known = resources.filter((resource) => ports.checks.knows(resource));
  const { value } = await runPhase(ports, { phase: `${phase}.resources`, title: `look at ${phase}` }, async () => {
    const value = (await inTurns(known, (resource) => lookAt(ports.checks, resource, signal))).flatMap(
      ({ resource, findings }) =>
        findings.map((finding) => deploymentEvidence(excused(finding, validation), ports.clock, nameOf(resource))),
    );
    return { value, summary: summaryOf(value) };
  });
  return value;
}

/** A finding about what is deployed, as evidence. */
export function deploymentEvidence(
  { check, ringing: _ringing, ...rest }: LiveFinding,
  clock: Clock,
  subject?: string,
): Evidence {
  return {
    check: `deployment.${check}`,
    ...(subject === undefined ? {} : { subject }),
    ...rest,
    at: new Date(clock.now()).toISOString(),
  };
}

function excused(finding: LiveFinding, validation: LookOptions["validation"]): LiveFinding {
  const { ringing, next: _next, ...rest } = finding;
  return ringing === undefined || !isNotAboutReleases(ringing, validation)
    ? finding
    : { ...rest, status: "pass", found: `${rest.found}: ${NO_RELEASE_TO_BLAME}` };
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
