import { matchesGlob } from "../orphans/matches-glob.ts";

/** Whether an action of a policy, which may have `*` in it, is or covers one action. AWS does not regard case. */
export function matchesAction(pattern: string, action: string): boolean {
  return matchesGlob(pattern.toLowerCase(), action.toLowerCase());
}
