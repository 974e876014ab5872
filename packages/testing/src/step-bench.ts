import {
  type LedgerBody,
  type PlannedStep,
  type ReleasePlan,
  type StepKind,
  type StepResult,
  stepResultSchemas,
} from "@slipway/contracts";
import type { ReleaseRecord, StepContext, StepEnd, StepHandler, StepRecord } from "@slipway/release-engine";

/** Takes steps of a plan one by one, as the engine does without its ledger, and keeps what they leave behind. */
export class StepBench {
  readonly plan: ReleasePlan;
  readonly steps = new Map<string, StepRecord>();
  readonly written: LedgerBody[] = [];
  readonly lines: string[] = [];
  readonly abort = new AbortController();
  readonly #now: () => number;

  constructor(plan: ReleasePlan, now: () => number) {
    this.plan = plan;
    this.#now = now;
  }

  /** Says how a step came out that is not taken here. */
  leave<K extends StepKind>(kind: K, result: StepResult<K>, id: string = kind): void {
    this.#keep({ id, kind, state: "done", result: stepResultSchemas[kind].parse(result) });
  }

  async take<K extends StepKind>(id: string, handler: StepHandler<K>): Promise<StepEnd<K>> {
    const step = this.plan.steps.find((each) => each.id === id) ?? restoreStep(id);
    const end = await handler(this.#context(step));
    if (end.result !== undefined) {
      stepResultSchemas[step.kind].parse(end.result);
    }
    this.#keep({ id, kind: step.kind, state: end.outcome, summary: end.summary, result: end.result });
    return end;
  }

  #keep(step: Omit<StepRecord, "attempts" | "at">): void {
    this.steps.set(step.id, { ...step, attempts: 1, at: new Date(this.#now()).toISOString() });
  }

  #context(step: PlannedStep): StepContext {
    const { plan, steps } = this;
    const record = { id: plan.release, plan, steps } as unknown as ReleaseRecord;
    return {
      ...{ plan, step, record, attempt: 1, signal: this.abort.signal },
      result: <K extends StepKind>(kind: K, id: string = kind) => {
        const found = steps.get(id)?.result;
        if (found === undefined) throw new Error(`there is no ${id}`);
        return found as StepResult<K>;
      },
      outputs: () =>
        stepResultSchemas["infrastructure.apply"].safeParse(steps.get("infrastructure.apply")?.result).data?.outputs,
      write: async (body) => {
        this.written.push(body);
      },
      assertHeld: () => undefined,
      line: (text) => this.lines.push(text),
    };
  }
}

function restoreStep(id: string): PlannedStep {
  return { id, kind: "traffic.restore", title: "put it back", guide: "Rollback", undo: "release again" };
}
