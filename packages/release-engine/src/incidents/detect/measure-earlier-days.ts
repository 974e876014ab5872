import { type StageHistory, type StagePeriod, type TimeWindow, topicOf } from "@slipway/analysis";
import type { LedgerEntry } from "@slipway/contracts";
import type { MonitoredStage } from "../../monitoring/monitored-resources.ts";
import type { MetricsReader } from "../../ports/metrics.ts";
import { MetricSheet } from "../../validation/metric-sheet.ts";
import { incidents } from "../incidents.ts";
import type { LookMemory } from "./look-memory.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const PERIOD_SECONDS = 300;
/** Of the first day what is around its time is needed, too, and of a day before nothing but that. */
const MARGIN_MS = 2 * HOUR_MS;
/** What is compared of yesterday is hours old, and does not change any more: it is read again after so long. */
const KEPT_MS = 6 * HOUR_MS;

export interface EarlierDaysQuestion {
  readonly stages: readonly MonitoredStage[];
  readonly days: number;
  readonly now: number;
  readonly memory?: LookMemory;
  readonly signal?: AbortSignal;
}

/**
 * Reads what the stages did on earlier days, in steps of five minutes.
 *
 * @throws {ReleaseError} when metrics cannot be read
 */
export async function measureEarlierDays(
  reader: MetricsReader,
  { stages, days, now, memory, signal }: EarlierDaysQuestion,
): Promise<readonly StageHistory[]> {
  const names = stages.map(({ apiName, stage }) => `${apiName}/${stage}`);
  const known = memory?.earlierDays;
  if (known !== undefined && now - known.at < KEPT_MS && names.join() === known.value.map(({ name }) => name).join()) {
    return known.value;
  }
  const to = Math.floor(now / (PERIOD_SECONDS * 1_000)) * PERIOD_SECONDS * 1_000;
  const sheet = new MetricSheet({ from: to - days * DAY_MS - MARGIN_MS, to }, PERIOD_SECONDS);
  const asked = stages.map(({ apiName, stage }) => {
    const dimensions = { ApiName: apiName, Stage: stage };
    const metric = (name: string) => ({ namespace: "AWS/ApiGateway", name, dimensions });
    return { requests: sheet.ask(metric("Count"), "Sum"), latency: sheet.ask(metric("Latency"), "p90") };
  });
  await sheet.read(reader, signal);
  const value = asked.map(({ requests, latency }, index): StageHistory => {
    const slow = new Map(latency.points().map(({ at, value: ms }) => [at, ms]));
    const periods = requests.points().map(({ at, value: count }): StagePeriod => {
      return { at, requests: count, p90Ms: slow.get(at) ?? null };
    });
    return { name: names[index] ?? "", periods };
  });
  if (memory !== undefined) {
    memory.earlierDays = { at: now, value };
  }
  return value;
}

/** The times in which an incident was under way that hit the service, by the ledger. */
export function timesOfTrouble(entries: readonly LedgerEntry[], now: number): readonly TimeWindow[] {
  return incidents(entries)
    .filter(({ signals }) => signals.some(({ kind }) => topicOf(kind) === "service"))
    .map(({ startedAt, resolvedAt, closedAt }) => {
      const over = resolvedAt ?? closedAt;
      return { from: Date.parse(startedAt), to: over === undefined ? now : Date.parse(over) };
    });
}
