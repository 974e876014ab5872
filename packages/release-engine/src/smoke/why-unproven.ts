import type { EnvironmentConfig, FunctionConfig } from "@slipway/contracts";
import { proofOf } from "./proof-of.ts";

/** Why nothing proves a function, as far as the configuration tells; undefined where something does. */
export function whyUnproven(
  config: FunctionConfig,
  { functions, smoke }: Pick<EnvironmentConfig, "functions" | "smoke">,
): string | undefined {
  const nothing = `nothing says how to prove ${config.name}`;
  const proof = proofOf(config, functions);
  if (proof === undefined) {
    return nothing;
  }
  // That a version is there, or lets something be deleted that nobody has made, proves nothing.
  const isNothingAsked = smoke.steps.length > 0 && smoke.steps.every(({ through }) => through === "gateway");
  return proof === "smoke" && isNothingAsked
    ? `every step of the smoke scenario is for the gateway, so ${nothing}`
    : undefined;
}
