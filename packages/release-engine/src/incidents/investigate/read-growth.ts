import type { Symptoms, TimeWindow } from "@slipway/analysis";
import type { MonitoredFunction } from "../../monitoring/monitored-resources.ts";
import type { LogsReader } from "../../ports/logs.ts";

const BIN_MINUTES = 30;
const QUERY = `filter @type = "REPORT" | parse @logStream "[*]" as version | stats pct(@maxMemoryUsed, 90) as used, max(@memorySize) as size by version, bin(${BIN_MINUTES}m) as time | limit 10000`;

/**
 * Reads how fast the memory that calls use grows with each version, from what Lambda reports of each call.
 *
 * @throws {ReleaseError} when logs cannot be asked
 */
export async function readGrowth(
  logs: LogsReader,
  functions: readonly MonitoredFunction[],
  { from, to }: TimeWindow,
  signal?: AbortSignal,
): Promise<NonNullable<Symptoms["growth"]>> {
  const read = await Promise.all(
    functions.map(async ({ name, logGroup, memoryMb }) => {
      const { rows } = await logs.query({ groups: [logGroup], query: QUERY }, { from, to: to - 1_000 }, signal);
      const points = rows.flatMap(({ version, used, size, time = "" }) =>
        version === undefined
          ? []
          : [
              {
                version,
                at: Date.parse(`${time.replace(" ", "T")}Z`),
                mb: (Number(used) / Math.max(1, Number(size))) * memoryMb,
              },
            ],
      );
      return [...Map.groupBy(points, (point) => point.version)].flatMap(([version, own]) => {
        const mbPerHour = slopeOf(own);
        return mbPerHour === undefined ? [] : [{ function: name, version, mbPerHour }];
      });
    }),
  );
  return read.flat();
}

/** By least squares; undefined where there are too few. */
function slopeOf(points: readonly { readonly at: number; readonly mb: number }[]): number | undefined {
  if (points.length < 3) {
    return undefined;
  }
  const hours = points.map(({ at }) => at / 3_600_000);
  const [meanHour, meanMb] = [mean(hours), mean(points.map(({ mb }) => mb))];
  const spread = hours.reduce((sum, hour) => sum + (hour - meanHour) ** 2, 0);
  const common = points.reduce((sum, { mb }, index) => sum + ((hours[index] ?? 0) - meanHour) * (mb - meanMb), 0);
  return spread === 0 ? undefined : common / spread;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, each) => sum + each, 0) / numbers.length;
}
