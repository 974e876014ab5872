import { type StepResult, stepResultSchemas } from "@slipway/contracts";
import type { ReleaseRecord } from "../ledger/release-record.ts";

/** A function that this release has published, as the ledger knows it. */
export interface PublishedFunction extends StepResult<"code.publish"> {
  /** By its name in the configuration. */
  readonly name: string;
}

/**
 * The functions that a release has published, in the order of its plan: from the ledger, so that also a process that knows nothing else
 * can put them back.
 */
export function publishedFunctions({ plan, steps }: Pick<ReleaseRecord, "plan" | "steps">): PublishedFunction[] {
  return plan.steps.flatMap(({ id, kind, function: name = id }) => {
    const step = steps.get(id);
    const isDone = step?.state === "done" || step?.state === "nothing-to-do";
    return kind === "code.publish" && isDone ? [{ name, ...stepResultSchemas["code.publish"].parse(step.result) }] : [];
  });
}
