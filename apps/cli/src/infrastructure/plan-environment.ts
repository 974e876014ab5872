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
  type SourceRepository,
  summarisePlan,
  systemClock,
} from "@slipway/release-engine";
import type { EnvironmentPlace, EnvironmentWork } from "../target/environment-work.ts";
import { plannedRoot } from "./planned-root.ts";

/** What the plan is judged by, and how it differs from what is checked out. */
export interface PlannedWith {
  /** What the plan that was applied last stood on. */
  readonly before?: PlanGround | undefined;
  /** The rules that a release of it would go by, where they are known. */
  readonly inForce?: PolicyInForce | undefined;
  /** Of the files; what is checked out, unless given. */
  readonly source?: Pick<SourceRepository, "revision">;
  /** Beside those of the configuration. */
  readonly variables?: EnvironmentWork["variables"];
}

/**
 * Plans an environment, judges the plan, and throws it away.
 *
 * @throws {ReleaseError} when it cannot be planned
 */
export async function planEnvironment(
  { repository, config, environment, env, progress, signal }: EnvironmentPlace,
  { terraform, init, planFile, variables: own }: EnvironmentWork,
  { before, inForce, source: files = new GitSourceRepository(repository, env), variables: more = {} }: PlannedWith = {},
): Promise<PlanSummary> {
  const source = await files.revision(signal);
  const variables = { ...own, ...more };
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
