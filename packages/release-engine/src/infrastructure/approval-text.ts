import type { LedgerBodyOf } from "@slipway/contracts";

/** The namespace of signatures, so that none that was made for something else can be used. */
export const APPROVAL_NAMESPACE = "slipway-approval";

/**
 * What is signed: everything that an approval is for, and whose it is. One line for each, so that who signs can read it.
 *
 * @param by who approves, as the ledger has it
 */
export function approvalText(
  environment: string,
  by: string,
  { planDigest, commit, stateSerial, accepts, comment }: Omit<LedgerBodyOf<"approval.given">, "type" | "signature">,
): string {
  const lines = [
    ["slipway approval", 1],
    ["environment", environment],
    ["plan", planDigest],
    ["commit", commit],
    ["state serial", stateSerial],
    ["accepts", accepts],
    ["comment", comment ?? null],
    ["by", by],
  ];
  return lines.map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`).join("");
}
