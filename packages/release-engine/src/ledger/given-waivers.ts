import type { LedgerEntry, Waiver } from "@slipway/contracts";

/** What somebody has answered for while a release ran, or for all of them: `--waive CHECK`. */
export function givenWaivers(entries: readonly LedgerEntry[], release: string): Waiver[] {
  return entries
    .filter((entry) => entry.release === release || entry.release === null)
    .flatMap(({ body }) => (body.type === "waiver.given" ? [body.waiver] : []));
}
