import type { MetricDatum } from "../../core/ports.ts";
import type { InputOf, OperationName, OutputOf, RequestContext } from "../../core/service.ts";
import { type TestCore, testCore } from "../../test/test-core.ts";
import { createLogs, type LogsService } from "./create-logs.ts";
import type { Logs } from "./logs-state.ts";

/** CloudWatch Logs on a temporary store, for tests: operations without the wire, and the metrics that it emitted. */
export interface LogsHarness {
  readonly core: TestCore;
  readonly metrics: MetricDatum[];
  logs: LogsService;
  call<N extends OperationName<Logs>>(name: N, input: Partial<InputOf<Logs, N>>): Promise<OutputOf<Logs, N>>;
  /** Closes the service and opens another on the same store. */
  reopen(): Promise<void>;
  dispose(): Promise<void>;
}

/** Makes a {@link LogsHarness}. */
export function logsHarness(): LogsHarness {
  const core = testCore();
  const metrics: MetricDatum[] = [];
  const open = (): LogsService => createLogs(core, { metrics: { record: (data) => metrics.push(...data) } });
  const harness: LogsHarness = {
    core,
    metrics,
    logs: open(),
    async call(name, input) {
      const operation = harness.logs.service.operations[name] as unknown as (
        given: typeof input,
        context: RequestContext,
      ) => never;
      return operation(input, core.context());
    },
    async reopen() {
      await harness.logs.service.close?.();
      harness.logs = open();
    },
    async dispose() {
      await harness.logs.service.close?.();
      core.dispose();
    },
  };
  return harness;
}
