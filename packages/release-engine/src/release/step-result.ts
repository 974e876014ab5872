import { type StepKind, type StepResult, stepResultSchemas } from "@slipway/contracts";
import { ReleaseError } from "../release-error.ts";
import type { Journal } from "./journal.ts";

export function isStepDone({ record }: Pick<Journal, "record">, id: string): boolean {
  const state = record.steps.get(id)?.state;
  return state === "done" || state === "nothing-to-do";
}

/**
 * What a step of a release has left behind. A ledger can be older than this program, or newer: it is checked, and never guessed.
 *
 * @param id of the step, where the plan has several of the kind
 * @throws {Error} when the step is not done, or it is not clear which is meant
 * @throws {ReleaseError} `failed` when another version of Slipway left it, and this one cannot read it
 */
export function stepResult<K extends StepKind>(
  { plan, record }: Pick<Journal, "plan" | "record">,
  kind: K,
  id?: string,
): StepResult<K> {
  const [step, another] = plan.steps.filter((each) => each.kind === kind && (id === undefined || each.id === id));
  if (step === undefined || another !== undefined) {
    throw new Error(`${plan.release} has ${step === undefined ? "no" : "more than one"} step ${id ?? kind}`);
  }
  if (!isStepDone({ record }, step.id)) {
    throw new Error(`${step.id} is asked for its result before it is done: the plan is in the wrong order`);
  }
  const result = stepResultSchemas[kind].safeParse(record.steps.get(step.id)?.result);
  if (!result.success) {
    const [issue] = result.error.issues;
    const { environment, release } = plan;
    throw new ReleaseError({
      kind: "failed",
      what: `What the ledger of ${environment} says of ${step.id} cannot be read by this Slipway`,
      why: `${["result", ...(issue?.path ?? [])].join(".")}: ${issue?.message}; another version of Slipway wrote it`,
      next: `go on with the version that began ${release}, or put it back: slipway rollback ${environment}`,
    });
  }
  return result.data as StepResult<K>;
}
