import type { Core } from "../../core/core.ts";
import type { MetricDatum, MetricSink } from "../../core/ports.ts";
import { isTakenTime, isTakenValue, UNITS } from "./cloudwatch-state.ts";
import type { MetricStore } from "./metric-store.ts";

/** What real traffic measured may wait this long in memory, in real time. */
const FLUSH_MS = 1000;

/** Takes the measurements of real traffic; writes them within a second. */
export interface TrafficSink extends MetricSink {
  close(): void;
}

/**
 * Makes the sink that services and logs record into.
 *
 * A datum may carry `storageResolution: 1` (the embedded metric format has it) and is then kept by the second as well.
 */
export function createMetricSink(core: Core, metrics: MetricStore): TrafficSink {
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    timer = undefined;
    try {
      metrics.flush();
    } catch (error) {
      core.log(`monitoring: metrics could not be written: ${describe(error)}`);
    }
  }

  return {
    record(data) {
      for (const datum of data) {
        try {
          add(datum);
        } catch (error) {
          core.log(`monitoring: a value of ${datum.namespace} ${datum.name} was dropped: ${describe(error)}`);
        }
      }
      timer ??= setTimeout(flush, FLUSH_MS).unref();
    },
    close() {
      clearTimeout(timer);
      flush();
    },
  };

  function add(datum: MetricDatum): void {
    const now = core.clock.now();
    const { namespace, name, dimensions, value, count = 1, unit, timestamp = now, storageResolution } = datum;
    if (!isTakenValue(value) || !(count > 0) || !UNITS.has(unit)) {
      throw new RangeError(`value ${value}, count ${count}, unit ${unit}`);
    }
    if (!isTakenTime(timestamp, now)) {
      throw new RangeError(`its time ${timestamp} is more than two weeks ago, or more than two hours ahead`);
    }
    const perSecond = storageResolution === 1;
    metrics.addValue({ namespace, name, dimensions }, unit, timestamp, value, { count, perSecond });
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
