import type { ReleasePlan } from "@slipway/contracts";

/**
 * The command that takes a live rollback back: the same part, to where it came from.
 *
 * @param flags what commands to type next need after the environment's name: empty, or with a space before it
 */
export function backFromRollback(
  {
    environment,
    rollsBack,
  }: { readonly environment: string; readonly rollsBack: NonNullable<ReleasePlan["rollsBack"]> },
  flags: string,
): string {
  const { from, parts } = rollsBack;
  const part = parts.includes("infrastructure") && !parts.includes("code") ? " infrastructure" : "";
  return `slipway rollback ${environment}${part} --to ${from}${flags}`;
}
