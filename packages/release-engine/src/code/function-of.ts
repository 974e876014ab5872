import type { FunctionConfig } from "@slipway/contracts";
import type { StepContext } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
import type { CodeDeps } from "./code-handlers.ts";

/**
 * The function that a step is about.
 *
 * @throws {ReleaseError} `usage` when the configuration does not have it any more
 */
export function functionOf(
  { environment: { functions } }: Pick<CodeDeps, "environment">,
  { plan, step }: Pick<StepContext, "plan" | "step">,
): FunctionConfig {
  const found = functions.find(({ name }) => name === step.function);
  if (found === undefined) {
    const names = functions.map(({ name }) => name).join(", ");
    throw new ReleaseError({
      kind: "usage",
      what: `The release has the step ${step.id}, and there is no function ${step.function ?? "for it"}`,
      why: `environments.${plan.environment}.functions in slipway.config.ts has ${names}`,
      next: "check out the commit that the release was begun with, then type the same command again",
    });
  }
  return found;
}
