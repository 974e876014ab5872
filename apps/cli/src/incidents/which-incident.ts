import type { IncidentRecord } from "@slipway/release-engine";
import { UserError } from "../user-error.ts";

export interface WhichPlace {
  readonly environment: string;
  readonly target: { readonly label: string; readonly flags: string };
}

const ID = /^i[1-9]\d*$/;

/**
 * The incident that was meant: the one that was named, or else the only one that is open.
 *
 * @param id as it was typed; undefined where it was left out
 * @param isMeant which ones can be meant where none was named
 * @throws UserError when there is no such incident, or not exactly one that can be meant
 */
export function whichIncident(
  records: readonly IncidentRecord[],
  id: string | undefined,
  { environment, target }: WhichPlace,
  isMeant = isOpen,
): IncidentRecord {
  const list = `slipway incident list ${environment}${target.flags}`;
  const place = `${environment} on ${target.label}`;
  if (id === undefined) {
    const meant = records.filter(isMeant);
    const [only, ...others] = meant;
    if (only !== undefined && others.length === 0) {
      return only;
    }
    const word = isMeant === isOpen ? "open" : "resolved and not closed";
    const which = meant.map((each) => `${each.id} (${each.title})`).join(", ");
    throw new UserError(
      meant.length === 0
        ? `incident: was not named, and none of ${place} is ${word}. ${records.length === 0 ? "None was ever opened there." : `Name one: ${list}`}`
        : `incident: was not named, and ${meant.length} of ${place} are ${word}: ${which}. Name the one that you mean.`,
    );
  }
  if (!ID.test(id)) {
    throw new UserError(`incident: '${id}' is none. Write it like i3; which there are: ${list}`);
  }
  const record = records.find((each) => each.id === id);
  if (record === undefined) {
    const last = records.at(-1);
    throw new UserError(
      `incident: ${place} has no ${id}. ${last === undefined ? "None was ever opened there." : `Its last one is ${last.id}: ${list}`}`,
    );
  }
  return record;
}

export function isOpen({ state }: IncidentRecord): boolean {
  return state === "open" || state === "acknowledged";
}

export function isToBeClosed({ state }: IncidentRecord): boolean {
  return state === "resolved";
}
