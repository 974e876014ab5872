import type { Evidence, Waiver } from "@slipway/contracts";

/** Evidence that somebody has answered for: with who, why and until when, without which nothing is waived. */
export function waive(
  evidence: Evidence,
  { by, reason, expires }: Pick<Waiver, "by" | "reason" | "expires">,
): Evidence {
  return { ...evidence, status: "waived", waiver: { by, reason, expires } };
}
