import { compareCostReports, judgeCosts } from "@slipway/analysis";
import type { CostReport } from "@slipway/contracts";
import type { ChosenPrices } from "./choose-prices.ts";
import type { StateSource } from "./ports/terraform-states.ts";
import type { UsageReader } from "./ports/usage-reader.ts";
import { ReleaseError } from "./release-error.ts";

/** What an analysis of costs reads. */
export interface AnalyzeCostsPorts {
  readonly state: StateSource;
  readonly usage: UsageReader;
}

export interface AnalyzeCostsOptions {
  readonly label: CostReport["label"];
  readonly environment: string;
  readonly region: string;
  /** Days that are looked back. */
  readonly days: number;
  /** Now on AWS's clock, in milliseconds since 1970. */
  readonly now: number;
  readonly prices: ChosenPrices;
  readonly freeTier: boolean;
  /** An earlier report to compare with, and its file. */
  readonly previous?: { readonly report: CostReport; readonly file: string };
  readonly signal?: AbortSignal;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Reckons what an environment costs in a month: what its state has, how much of that was used, at which prices.
 *
 * @throws {ReleaseError} when there is no state, or it cannot be read; what cannot be observed is a gap of the report instead
 */
export async function analyzeCosts(
  { state, usage }: AnalyzeCostsPorts,
  options: AnalyzeCostsOptions,
): Promise<CostReport> {
  const { environment, days, now, prices, previous, signal } = options;
  const known = await state.read(signal);
  if (known === undefined) {
    throw new ReleaseError({
      kind: "not-found",
      what: `${environment} has no Terraform state at ${state.location}`,
      why: "nothing has been applied there yet, so nothing of it costs anything",
      next: "apply the environment first, or check bootstrap.state and stateKey in slipway.config.ts",
    });
  }
  // Metrics come in whole hours: a window that begins within one would count that hour's use and not its time.
  const from = Math.floor((now - days * DAY_MS) / HOUR_MS) * HOUR_MS;
  const observed = await usage.observe({ environment, resources: known.resources, window: { from, to: now } });
  const report = judgeCosts(observed, {
    ...options,
    prices: prices.prices,
    origin: prices.origin,
    from: prices.from,
  });
  const withWarnings = { ...report, notes: [...prices.warnings, ...report.notes] };
  return previous === undefined
    ? withWarnings
    : { ...withWarnings, comparison: compareCostReports(previous.report, withWarnings, previous.file) };
}
