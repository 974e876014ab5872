import { leaseIsHeld } from "@slipway/release-engine";
import type { OpenRelease } from "../release/open-release.ts";

/**
 * Takes away what a rollback has left that was killed between its end and its tidying: plan files hold secrets. Only where nobody has the
 * lease, because whoever has it may be making a plan.
 */
export async function removeLeftPlans({
  ledger,
  ports: { systemClock },
  removePlans,
}: Pick<OpenRelease, "ledger" | "removePlans"> & {
  readonly ports: Pick<OpenRelease["ports"], "systemClock">;
}): Promise<void> {
  const lease = (await ledger.head())?.lease;
  if (lease === undefined || lease === null || !leaseIsHeld(lease, systemClock.now())) {
    await removePlans();
  }
}
