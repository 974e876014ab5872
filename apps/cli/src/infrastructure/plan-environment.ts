import { mkdir, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { GitSourceRepository } from "@slipway/aws";
import type { PlanGround, PlanSummary } from "@slipway/contracts";
import {
  createRedactor,
  learnEnvironment,
  type PolicyInForce,
  redactedError,
  redactedProgress,
  runPhase,
  summarisePlan,
  systemClock,
} from "@slipway/release-engine";
import type { EnvironmentPlace, EnvironmentWork } from "../target/environment-work.ts";
import { plannedRoot } from "./planned-root.ts";

/**
 * Plans an environment, judges the plan, and throws it away.
 *
 * @param before what the plan that was applied last stood on
 * @param inForce the rules that a release of it would go by, where they are known
 * @throws {ReleaseError} when it cannot be planned
 */
export async function planEnvironment(
  { repository, config, environment, env, progress, signal }: EnvironmentPlace,
  { terraform, init, planFile, variables }: EnvironmentWork,
  before: PlanGround | undefined,
  inForce?: PolicyInForce,
): Promise<PlanSummary> {
  const source = await new GitSourceRepository(repository, env).revision(signal);
  const redactor = createRedactor();
  learnEnvironment(redactor, env);
  await rm(planFile, { force: true });
  await mkdir(dirname(planFile), { recursive: true, mode: 0o700 });
  try {
    const { value } = await runPhase(
      { clock: systemClock, progress: redactedProgress(progress, redactor) },
      { phase: `${environment}.plan`, title: `plan ${environment}` },
      async (line) => {
        const workspace = await terraform.init({ ...init, onLine: line, signal });
        const { changed, counts } = await workspace.plan({ planFile, variables, onLine: line, signal });
        const shown = await workspace.show({ planFile, onSecret: (secret) => redactor.learn(secret), signal });
        const value = summarisePlan(shown, {
          ...{ environment, release: null, source, now: systemClock.now(), changed, counts, before },
          ...(inForce && { inForce }),
          target: plannedRoot(config, environment),
        });
        return { value: redactor.json(value), summary: changed ? "changes" : "no changes" };
      },
    );
    return value;
  } catch (error) {
    throw redactedError(redactor, error);
  } finally {
    await rm(planFile, { force: true });
  }
}
