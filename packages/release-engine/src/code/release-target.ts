import type { FunctionConfig } from "@slipway/contracts";
import { outputText } from "../output-text.ts";
import type { StepContext } from "../release/step-handler.ts";

/** Where a function's code goes, as the infrastructure of this release says it. */
export interface ReleaseTarget {
  readonly functionName: string;
  readonly alias: string;
  readonly bucket: string;
}

/** @throws {ReleaseError} `usage` when an output is not there, or no text */
export function releaseTarget(
  { name, outputs: names }: FunctionConfig,
  context: Pick<StepContext, "result" | "plan">,
): ReleaseTarget {
  const { outputs } = context.result("infrastructure.apply");
  const text = (key: keyof FunctionConfig["outputs"]) =>
    outputText(outputs, names[key], `environments.${context.plan.environment}.functions[${name}].outputs.${key}`);
  return { functionName: text("functionName"), alias: text("alias"), bucket: text("artifactBucket") };
}
