import { type StepResult, stepResultSchemas } from "@slipway/contracts";
import type { ReleaseRecord } from "../ledger/release-record.ts";

/** What the infrastructure of a release was left as, outputs included; undefined before it was applied. */
export function appliedInfrastructure({
  steps,
}: Pick<ReleaseRecord, "steps">): StepResult<"infrastructure.apply"> | undefined {
  return stepResultSchemas["infrastructure.apply"].safeParse(steps.get("infrastructure.apply")?.result).data;
}
