import type { ReleasePlan } from "@slipway/contracts";
import { partWords } from "./part-words.ts";

/**
 * The command that takes a live rollback back: the same parts, to where it came from.
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
  return `slipway rollback ${environment}${partWords(parts)} --to ${from}${flags}`;
}
