import type { LedgerBody, PlannedStep, ReleasePlan, StepKind, StepResult } from "@slipway/contracts";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import type { StepContext } from "../release/step-handler.ts";

export interface FakeStepOptions {
  readonly step: Pick<PlannedStep, "id" | "kind"> & Partial<PlannedStep>;
  /** By kind, or by the id of a step. */
  readonly results?: Readonly<Record<string, unknown>>;
  readonly record?: Partial<ReleaseRecord>;
  readonly signal?: AbortSignal;
  /** The release before it; `r1` unless given. */
  readonly previous?: string | null;
}

/** What the handler of a step of the release r2 of prod gets, with what it wrote and said. */
export function fakeStepContext({
  step: about,
  results = {},
  record = {},
  signal,
  previous = "r1",
}: FakeStepOptions): StepContext & {
  readonly written: LedgerBody[];
  readonly lines: string[];
} {
  const written: LedgerBody[] = [];
  const lines: string[] = [];
  const step: PlannedStep = { title: about.id, guide: "Phase 3", undo: "nothing to undo", ...about };
  const plan: ReleasePlan = {
    ...{ version: 1, environment: "prod", release: "r2", previous, steps: [step] },
    source: { commit: null, tree: null, dirty: false },
  };
  return {
    ...{ plan, step, attempt: 1, written, lines },
    record: {
      ...{ id: "r2", plan, authors: [], startedAt: "2026-11-28T12:00:00.000Z", startedBy: "Jane", state: "running" },
      ...{ steps: new Map(), functions: [], checkpoints: {} },
      ...record,
    },
    result<K extends StepKind>(kind: K, id?: string): StepResult<K> {
      const found = results[id ?? kind];
      if (found === undefined) {
        throw new Error(`no result of ${id ?? kind}`);
      }
      return found as StepResult<K>;
    },
    outputs: () => (results["infrastructure.apply"] as StepResult<"infrastructure.apply"> | undefined)?.outputs,
    write: async (body) => void written.push(body),
    assertHeld: () => undefined,
    line: (text) => void lines.push(text),
    signal: signal ?? new AbortController().signal,
  };
}
