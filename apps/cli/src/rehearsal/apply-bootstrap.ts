import { applyInfrastructure, type InfrastructureResult, systemClock } from "@slipway/release-engine";
import type { Identities } from "./identities.ts";
import { rehearsalRoots } from "./rehearsal-roots.ts";
import type { Rehearsal } from "./rehearse-environment.ts";

/**
 * Applies what must exist before the first release: the state's bucket, the ledger's table and the roles. No release can do it, because
 * it is written down in that table and done under those roles.
 *
 * @throws ReleaseError with Terraform's own diagnostics
 */
export async function applyBootstrap(rehearsal: Rehearsal, identities: Identities): Promise<InfrastructureResult> {
  const { progress, signal } = rehearsal;
  const roots = await rehearsalRoots(rehearsal);
  return applyInfrastructure(
    { terraform: roots.terraform(() => identities.bootstrap()), clock: systemClock, progress },
    { ...roots.bootstrap, reconfigure: true, signal },
  );
}
