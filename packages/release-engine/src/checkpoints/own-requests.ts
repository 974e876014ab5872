import type { LedgerEntry, ValidationMeasurements } from "@slipway/contracts";

/**
 * How many requests of a measured period were a release's own checkpoints': they are counted with everybody else's, and few as they are,
 * they must not make up the number from which a rate is judged.
 *
 * @param release `r12`
 * @param period what is judged; null where nothing is
 */
export function ownRequestsIn(
  entries: readonly LedgerEntry[],
  release: string,
  period: ValidationMeasurements["period"],
): number {
  return entries
    .filter((entry) => entry.release === release)
    .map(({ body }) => (body.type === "checkpoint.judged" ? body.measurements : undefined))
    .filter((each) => each !== undefined && period !== null && each.at >= period.from && each.at < period.to)
    .reduce((sum, each) => sum + (each === undefined ? 0 : ownRequestsOf(each)), 0);
}

/** The requests that a measurement has sent itself. */
export function ownRequestsOf({ probes, smoke }: Pick<ValidationMeasurements, "probes" | "smoke">): number {
  const asked = "value" in probes ? probes.value.length : 0;
  const steps = smoke !== null && "value" in smoke ? [...smoke.value.steps, ...smoke.value.cleanup] : [];
  return asked + steps.reduce((sum, { attempts }) => sum + attempts, 0);
}
