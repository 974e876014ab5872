import type { ChecklistFacts } from "../checklist-facts.ts";

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** For checks of files: all of them, as they are. Outside of a git repository nobody can tell whether they are the same. */
export async function codeInputs(facts: ChecklistFacts): Promise<readonly unknown[] | undefined> {
  const { tree } = await facts.revision();
  return tree === null ? undefined : [tree];
}

/** For checks of what is deployed: the state that says what that is. */
export async function deployedInputs(facts: ChecklistFacts): Promise<readonly unknown[] | undefined> {
  const { environment, target } = facts.subject;
  const state = await facts.state();
  return [environment, target, state?.serial ?? null, facts.ports.state.location];
}

/** For checks that are so quick, or depend on so much, that they are made each time. */
export function noInputs(): Promise<undefined> {
  return Promise.resolve(undefined);
}
