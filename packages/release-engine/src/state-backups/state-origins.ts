import type { LedgerEntry } from "@slipway/contracts";
import { stepResultSchemas } from "@slipway/contracts";

/** Who has left a serial, and in what. */
export interface StateOrigin {
  readonly serial: number;
  /** Absent where the entry does not say. */
  readonly lineage?: string;
  /** `r12`; null for what is no release's. */
  readonly release: string | null;
  readonly by: string;
  /** `apply of r12`, `restored from version ID`. */
  readonly what: string;
}

/** What the ledger says of the serials of an environment's state: who has left which. */
export function stateOrigins(entries: readonly LedgerEntry[]): readonly StateOrigin[] {
  const lineages = new Map<string | null, string>();
  return entries.flatMap((entry): StateOrigin[] => {
    const { body, release, by } = entry;
    if (body.type === "plan.made") {
      lineages.set(release, body.summary.stateLineage);
      return [];
    }
    if (body.type === "state.restored") {
      const { serial, lineage, from } = body;
      return [{ serial, lineage, release, by: by.name, what: `restored from ${from}` }];
    }
    const serial = body.type === "step.finished" ? serialLeft(body.kind, body.result) : undefined;
    if (serial === undefined || serial === 0) {
      return [];
    }
    // A first apply is planned on no state, which has no lineage yet.
    const lineage = lineages.get(release);
    const what = release === null ? "an apply" : `apply of ${release}`;
    return [{ serial, release, by: by.name, what, ...(lineage === undefined || lineage === "" ? {} : { lineage }) }];
  });
}

/** The last word that the ledger has on who left this serial. */
export function originOf(
  origins: readonly StateOrigin[],
  { serial, lineage }: { readonly serial: number; readonly lineage?: string },
): StateOrigin | undefined {
  return origins.findLast(
    (origin) =>
      origin.serial === serial && (origin.lineage === undefined || lineage === undefined || origin.lineage === lineage),
  );
}

/** Every serial that the ledger names: also those that were only planned on, backed up, or meant to be written. */
export function serialsIn(entries: readonly LedgerEntry[]): readonly number[] {
  return entries.flatMap(({ body }) => {
    switch (body.type) {
      case "plan.made":
        return [body.summary.stateSerial];
      case "step.finished":
        return serialLeft(body.kind, body.result) ?? [];
      case "state.backed-up":
      case "state.restoring":
      case "state.restored":
        return [body.serial];
      default:
        return [];
    }
  });
}

function serialLeft(kind: string, result: unknown): number | undefined {
  switch (kind) {
    case "infrastructure.apply":
    case "infrastructure.settle":
    case "data.adopt":
    case "data.thaw":
      return stepResultSchemas[kind].safeParse(result).data?.stateSerial;
    default:
      return undefined;
  }
}
