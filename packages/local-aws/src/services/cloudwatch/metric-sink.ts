import type { Core } from "../../core/core.ts";
import type { MetricDatum, MetricSink } from "../../core/ports.ts";
import { hasControlCharacters, isTakenTime, isTakenValue, UNITS } from "./cloudwatch-state.ts";
import type { MetricStore } from "./metric-store.ts";

/**
 * Makes the sink that services and logs record into.
 *
 * A datum may carry `storageResolution: 1` (the embedded metric format has it) and is then kept by the second as well.
 */
export function createMetricSink(core: Core, metrics: MetricStore): MetricSink {
  return {
    record(data) {
      for (const datum of data) {
        try {
          add(datum);
        } catch (error) {
          core.log(
            `monitoring: a value of ${datum.namespace} ${datum.name} was dropped: ${error instanceof Error ? error.message : String(error)}`,
          );
        }
      }
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
    if ([namespace, name, ...Object.entries(dimensions).flat()].some(hasControlCharacters)) {
      throw new RangeError("its namespace, its name or a dimension has control characters");
    }
    const perSecond = storageResolution === 1;
    metrics.addValue({ namespace, name, dimensions }, unit, timestamp, value, { count, perSecond });
  }
}
