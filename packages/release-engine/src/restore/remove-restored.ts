import { waitUntil } from "../wait-until.ts";
import type { RestoreDeps } from "./restore-deps.ts";

const REMOVAL_TIMEOUT_MS = 4 * 3_600_000;

/** Deletes a restored table that nothing uses; one that is still being restored as soon as that has ended, which cannot be broken off. */
export async function removeRestored(
  { restorer, settings, systemClock }: Pick<RestoreDeps, "restorer" | "settings" | "systemClock">,
  table: string,
  line: (text: string) => void,
): Promise<boolean> {
  const look = () => restorer.state(table);
  const wait = { what: `the removal of ${table}`, timeoutMs: REMOVAL_TIMEOUT_MS, look };
  if ((await look()) === "none") {
    return false;
  }
  const state = await waitUntil(systemClock, { ...wait, isOver: (seen) => seen !== "restoring" });
  if (state === "ready") {
    const { deletionProtection } = await settings.read(table);
    if (deletionProtection) {
      await settings.set(table, "deletionProtection", false);
    }
    await restorer.remove(table);
    line(`deleting ${table}`);
  }
  await waitUntil(systemClock, { ...wait, isOver: (seen) => seen === "none" });
  return true;
}
