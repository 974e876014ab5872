import type { PlannedResource } from "@slipway/contracts";
import type { PlannedChange } from "./plan-json.ts";
import { reversibilityOf } from "./reversibility.ts";
import { isMarked } from "./sensitive-values.ts";

/** How many arguments of one resource are named: more than that, and it is another resource. */
const MOST_NAMES = 20;

/** What a plan does to one resource, without a value; undefined where it does nothing. */
export function plannedResource({
  address,
  previous_address,
  type,
  change,
}: PlannedChange): PlannedResource | undefined {
  const { actions, before, after, after_unknown, replace_paths = [], importing } = change;
  const isMoved = previous_address !== undefined && previous_address !== address;
  const action = actionOf(actions, { isMoved, isImported: importing !== undefined && importing !== null });
  if (action === undefined) {
    return undefined;
  }
  const attributes = action === "change" || action === "replace" ? changedAttributes(before, after, after_unknown) : [];
  return {
    ...{ address, type, action, attributes: attributes.slice(0, MOST_NAMES) },
    because: replace_paths.map((path) => path.join(".")).slice(0, MOST_NAMES),
    ...(isMoved ? { from: previous_address } : {}),
    ...reversibilityOf({ type, change }, action),
  };
}

function actionOf(
  actions: readonly string[],
  { isMoved, isImported }: { readonly isMoved: boolean; readonly isImported: boolean },
): PlannedResource["action"] | undefined {
  const has = (action: string) => actions.includes(action);
  if (has("create")) {
    return has("delete") || has("forget") ? "replace" : "add";
  }
  if (has("update")) {
    return isImported ? "import" : "change";
  }
  if (has("delete") || has("forget")) {
    return has("delete") ? "destroy" : "forget";
  }
  return isImported ? "import" : isMoved ? "move" : undefined;
}

/** Names of the arguments that differ, those that are known only after the apply last. */
function changedAttributes(before: unknown, after: unknown, unknown: unknown): string[] {
  const [old, now, open] = [before, after, unknown].map((each) => (isRecord(each) ? each : {}));
  const names = [...new Set([...Object.keys(old ?? {}), ...Object.keys(now ?? {}), ...Object.keys(open ?? {})])].sort();
  const isOpen = (name: string) => isMarked(open?.[name]);
  const differs = (name: string) =>
    !isOpen(name) && JSON.stringify(old?.[name] ?? null) !== JSON.stringify(now?.[name] ?? null);
  return [...names.filter(differs), ...names.filter(isOpen)];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
