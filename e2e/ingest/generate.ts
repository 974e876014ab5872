import type { ClientSettings } from "../support/local-aws-process.ts";
import type { Load } from "./load.ts";
import { logLoad } from "./log-load.ts";
import { metricLoad } from "./metric-load.ts";
import { type Kept, paced } from "./paced.ts";

/** What the generator is asked for, as JSON in its argument. */
export interface GenerateRequest {
  readonly settings: ClientSettings;
  readonly seconds: number;
  /** Of each: data points, and log events. */
  readonly perSecond: number;
  /** When the run began, as metrics are looked up from it; milliseconds since the epoch. */
  readonly since: number;
}

/** What it says at its end, as JSON on stdout. */
export type Generated = Readonly<Record<"metrics" | "logs", Kept & { readonly batches: number }>> & {
  /** Processor time that the generator itself took, in seconds. */
  readonly cpuSeconds: number;
};

/** Enough for a pause of half a second. */
const IN_FLIGHT = 10;

const { settings, seconds, perSecond, since } = JSON.parse(process.argv[2] ?? "") as GenerateRequest;

/** Metrics and logs take turns: a batch of one half an interval after a batch of the other. */
async function run(load: Load, turn: number): Promise<Kept & { batches: number }> {
  const batches = Math.round((perSecond * seconds) / load.batchSize);
  const intervalMs = (load.batchSize / perSecond) * 1000;
  const kept = await paced({ batches, intervalMs, delayMs: turn * intervalMs, inFlight: IN_FLIGHT }, load.send);
  return { ...kept, batches };
}

const loads = [metricLoad(settings, new Date(since)), logLoad(settings)] as const;
for (const load of loads) {
  await load.prepare();
}
const [metrics, logs] = await Promise.all([run(loads[0], 0), run(loads[1], 0.5)]);
for (const load of loads) {
  load.close();
}
const { user, system } = process.cpuUsage();
const generated: Generated = { metrics, logs, cpuSeconds: (user + system) / 1e6 };
process.stdout.write(`${JSON.stringify(generated)}\n`);
