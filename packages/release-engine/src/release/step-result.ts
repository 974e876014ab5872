import { describeProblems, type StepKind, type StepResult, stepResultSchemas } from "@slipway/contracts";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { ReleaseError } from "../release-error.ts";

export function isStepDone({ steps }: Pick<ReleaseRecord, "steps">, id: string): boolean {
  const state = steps.get(id)?.state;
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
  { plan, steps }: Pick<ReleaseRecord, "plan" | "steps">,
  kind: K,
  id?: string,
): StepResult<K> {
  const [step, another] = plan.steps.filter((each) => each.kind === kind && (id === undefined || each.id === id));
  if (step === undefined || another !== undefined) {
    throw new Error(`${plan.release} has ${step === undefined ? "no" : "more than one"} step ${id ?? kind}`);
  }
  if (!isStepDone({ steps }, step.id)) {
    throw new Error(`${step.id} is asked for its result before it is done: the plan is in the wrong order`);
  }
  const result = stepResultSchemas[kind].safeParse(steps.get(step.id)?.result);
  if (!result.success) {
    const { environment, release } = plan;
    throw new ReleaseError({
      kind: "failed",
      what: `What the ledger of ${environment} says of ${step.id} cannot be read by this Slipway`,
      why: [...describeProblems(result.error), "another version of Slipway wrote it"].join("\n"),
      next: `type the same command with the version of Slipway that began ${release}`,
    });
  }
  return result.data as StepResult<K>;
}
