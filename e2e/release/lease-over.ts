import { setTimeout as wait } from "node:timers/promises";
import { expect } from "vitest";
import type { Lab } from "./lab.ts";

/** What the lab's configuration says. */
const LEASE_SECONDS = 10;

/**
 * Waits for the end of a lease. Who finds that there is nothing to do takes none, and so leaves that of a killed process as it is: it ends
 * by itself, and no later than it says.
 */
export async function leaseOver(lab: Lab): Promise<void> {
  const lease = (await lab.ledger()).head?.lease;
  if (lease !== null && lease !== undefined) {
    const leftMs = Date.parse(lease.expiresAt) - Date.now();
    expect(leftMs).toBeLessThanOrEqual(LEASE_SECONDS * 1_000);
    await wait(Math.max(0, leftMs));
  }
}
