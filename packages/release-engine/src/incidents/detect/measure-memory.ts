import type { MemoryMeasurement, TimeWindow } from "@slipway/analysis";
import type { MonitoredFunction } from "../../monitoring/monitored-resources.ts";
import type { InsightsAnswer, LogsReader } from "../../ports/logs.ts";
import { ReleaseError } from "../../release-error.ts";
import type { LookMemory } from "./look-memory.ts";

/** Of what Lambda reports of each call. Lambda counts megabytes of a million bytes here, of the memory that there is, too. */
const QUERY =
  'filter @type = "REPORT" | stats count(*) as calls, pct(@maxMemoryUsed, 90) as high, max(@maxMemoryUsed) as most, max(@memorySize) as size';

/**
 * Reads how near the calls of each function come to its memory. A leak takes its time: it is looked for once in the length of the window.
 *
 * @throws {ReleaseError} when the logs cannot be asked
 */
export async function measureMemory(
  logs: LogsReader,
  functions: readonly MonitoredFunction[],
  window: TimeWindow,
  { memory, signal }: { readonly memory?: LookMemory; readonly signal?: AbortSignal } = {},
): Promise<readonly MemoryMeasurement[]> {
  const last = memory?.memory;
  if (last !== undefined && last.at > window.from) {
    return last.value;
  }
  const measured = await Promise.all(
    functions.map(async ({ name, logGroup, memoryMb }): Promise<MemoryMeasurement> => {
      // The end of a query belongs to it, to the second.
      const asked = { from: window.from, to: Math.max(window.from, window.to - 1_000) };
      const rows = await rowsOf(logs, logGroup, asked, signal);
      const number = (field: string) => Number(rows[0]?.[field] ?? 0);
      const size = number("size");
      const megabytes = (bytes: number) => (size > 0 ? (memoryMb * bytes) / size : 0);
      return {
        ...{ function: name, memoryMb, calls: number("calls") },
        ...{ highMb: Math.round(megabytes(number("high"))), mostMb: Math.round(megabytes(number("most"))) },
      };
    }),
  );
  if (memory !== undefined) {
    memory.memory = { at: window.to, value: measured };
  }
  return measured;
}

/** Lambda makes the group with the first call: without it nobody has called. */
async function rowsOf(
  logs: LogsReader,
  group: string,
  window: TimeWindow,
  signal: AbortSignal | undefined,
): Promise<InsightsAnswer["rows"]> {
  try {
    return (await logs.query({ groups: [group], query: QUERY }, window, signal)).rows;
  } catch (error) {
    if (error instanceof ReleaseError && error.kind === "not-found") {
      return [];
    }
    throw error;
  }
}
