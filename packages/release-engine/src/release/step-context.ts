import type { PlannedStep } from "@slipway/contracts";
import type { Journal } from "./journal.ts";
import type { StepContext } from "./step-handler.ts";
import { isStepDone, stepResult } from "./step-result.ts";

/** What a step gets to see of its release. */
export function stepContext(
  journal: Journal,
  attempted: {
    readonly step: PlannedStep;
    readonly attempt: number;
    readonly line: StepContext["line"];
    readonly signal: AbortSignal;
  },
): StepContext {
  const { plan, record, held } = journal;
  return {
    ...attempted,
    plan,
    record,
    result: (kind, id) => stepResult(record, kind, id),
    outputs: () => newestOutputs(journal),
    write: (body) => journal.write(body),
    assertHeld: () => held.assertHeld(),
  };
}

function newestOutputs(journal: Journal): Readonly<Record<string, unknown>> | undefined {
  const id = "infrastructure.apply";
  const record = [journal.record, ...journal.all().toReversed()].find((each) => isStepDone(each, id));
  return record && stepResult(record, id).outputs;
}
