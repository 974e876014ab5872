import type { EnvironmentConfig, ErrorBudget } from "@slipway/contracts";
import { keptPeriodSeconds } from "../../monitoring/kept-period-seconds.ts";
import type { MonitoredStage } from "../../monitoring/monitored-resources.ts";
import type { MetricsReader } from "../../ports/metrics.ts";
import { MetricSheet } from "../../validation/metric-sheet.ts";

const DAY_MS = 86_400_000;

/** Of which incident the share is asked. Times are milliseconds since the epoch on the target's clock. */
export interface BudgetQuestion {
  readonly stages: readonly MonitoredStage[];
  /** When the incident ended: the objective's days count back from here. */
  readonly to: number;
  readonly now: number;
  /** Requests that failed in the incident. */
  readonly failed: number;
  readonly objective: EnvironmentConfig["incidents"]["objective"];
  readonly signal?: AbortSignal;
}

/**
 * How much of what may fail by the service level objective has failed: in the incident, and in all of the objective's days before its end.
 *
 * @returns undefined where nobody asked for anything in these days
 * @throws {ReleaseError} when metrics cannot be read
 * @see https://sre.google/workbook/implementing-slos/
 */
export async function measureErrorBudget(
  metrics: MetricsReader,
  { stages, to, now, failed: failedInIncident, objective, signal }: BudgetQuestion,
): Promise<ErrorBudget | undefined> {
  const { availabilityPercent, days } = objective;
  const periodMs = keptPeriodSeconds(now - (to - days * DAY_MS)) * 1_000;
  const end = Math.ceil(to / periodMs) * periodMs;
  const window = { from: end - days * DAY_MS, to: end };
  const sheet = new MetricSheet(window, periodMs / 1_000);
  const asked = stages.map(({ apiName: ApiName, stage: Stage }) => {
    const metric = (name: string) => ({ namespace: "AWS/ApiGateway", name, dimensions: { ApiName, Stage } });
    return { requests: sheet.ask(metric("Count"), "Sum"), failed: sheet.ask(metric("5XXError"), "Sum") };
  });
  await sheet.read(metrics, signal);
  const requests = asked.reduce((sum, each) => sum + each.requests.sum(), 0);
  const failed = asked.reduce((sum, each) => sum + each.failed.sum(), 0);
  if (requests === 0) {
    return undefined;
  }
  // 100 - 99.9 is a little less than 0.1 in binary, and a budget of 999.9999 requests helps nobody.
  const allowed = round((requests * round(100 - availabilityPercent)) / 100);
  const percentOf = (part: number) => (100 * part) / allowed;
  return {
    ...{ availabilityPercent, days, requests, failed, allowed },
    ...{ from: new Date(window.from).toISOString(), to: new Date(window.to).toISOString() },
    ...{ incidentPercent: percentOf(failedInIncident), usedPercent: percentOf(failed) },
  };
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
