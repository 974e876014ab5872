import { readFileSync } from "node:fs";
import { join } from "node:path";
import { LocalAwsProcess } from "../support/local-aws-process.ts";
import { node22 } from "../support/repository.ts";
import { mustRun } from "../support/run-program.ts";
import type { Generated, GenerateRequest } from "./generate.ts";
import { logLoad } from "./log-load.ts";
import { metricLoad } from "./metric-load.ts";

/** How much is sent: so many data points and as many log events a second, at the same time. */
export interface IngestOptions {
  readonly seconds: number;
  readonly perSecond: number;
}

/** What was found afterwards, and how the pace was kept. */
export interface Ingested {
  readonly metricDataPoints: number;
  readonly logEvents: number;
  readonly generated: Generated;
  /** Processor time that local AWS took while it was sent to, in seconds. */
  readonly cpuSeconds: number;
}

/**
 * Sends data points and log events to a local AWS of its own, from another process with the SDK's own clients, and counts them.
 *
 * @throws an assertion's error when something is missing, there twice, or not what was sent
 */
export async function ingest({ seconds, perSecond }: IngestOptions): Promise<Ingested> {
  const localAws = await LocalAwsProcess.start();
  const since = Date.now() - (Date.now() % 60_000);
  const loads = [metricLoad(localAws.client, new Date(since)), logLoad(localAws.client)] as const;
  try {
    const before = cpuSecondsOf(localAws.pid);
    const request: GenerateRequest = { settings: localAws.client, seconds, perSecond, since };
    const { stdout } = await mustRun(
      node22,
      ["--disable-warning=ExperimentalWarning", join(import.meta.dirname, "generate.ts"), JSON.stringify(request)],
      { timeoutMs: (seconds * 10 + 60) * 1000 },
    );
    const cpuSeconds = cpuSecondsOf(localAws.pid) - before;
    const generated = JSON.parse(stdout) as Generated;
    const metricDataPoints = await loads[0].verify(generated.metrics.batches);
    const logEvents = await loads[1].verify(generated.logs.batches);
    return { metricDataPoints, logEvents, generated, cpuSeconds };
  } finally {
    for (const load of loads) {
      load.close();
    }
    await localAws.stop();
  }
}

/** User and system time of a process, as Linux keeps it in hundredths of a second. */
function cpuSecondsOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
