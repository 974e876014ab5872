import { standingCost } from "@slipway/analysis";
import { createInventory } from "@slipway/aws/inventory";
import { type OrphanReport, resourceServices, type SlipwayConfig } from "@slipway/contracts";
import { findOrphans, systemClock, typesToScan } from "@slipway/release-engine";
import { stateSources } from "../orphans/state-sources.ts";
import type { TargetAws } from "../target/target-aws.ts";

/** Where orphans are looked for. */
export interface OrphanPlace {
  readonly repository: string;
  readonly config: SlipwayConfig;
  readonly target: TargetAws;
  /** Milliseconds since the epoch, on the target's clock. */
  readonly now: number;
  readonly signal: AbortSignal;
}

const TIMEOUT_MS = 5 * 60_000;

/**
 * Scans the whole account for what no state owns, as `slipway orphans` does.
 *
 * @throws ReleaseError when nothing can be scanned at all
 */
export async function findAllOrphans(place: OrphanPlace): Promise<OrphanReport> {
  const { repository, config, target, now, signal } = place;
  const { region, endpoint, credentials } = target;
  const deadline = AbortSignal.timeout(TIMEOUT_MS);
  const services = resourceServices;
  const inventory = await createInventory(
    { region, endpoint, credentials, clock: systemClock, signal: AbortSignal.any([signal, deadline]) },
    typesToScan(services),
  );
  try {
    const states = await stateSources(inventory, { repository, config, target, cwd: repository, files: [] });
    return await findOrphans(
      { ...inventory, states, costOf: standingCost(region) },
      {
        target: target.isLocal ? `rehearsed on ${target.label}` : target.label,
        account: inventory.account,
        directories: Object.fromEntries(
          Object.entries(config.environments).map(([name, { terraform }]) => [name, terraform.directory]),
        ),
        rules: config.orphans?.rules ?? [],
        ...{ region, environment: "all", services, now, deadline, signal },
      },
    );
  } finally {
    inventory.destroy();
  }
}
