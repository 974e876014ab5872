import type { PlannedStep, ReleasePlan, SourceRevision, UndoRequest } from "@slipway/contracts";
import { changesNothing } from "./planned-steps.ts";

/** What is known when bad writes are to be taken back. */
export interface UndoFacts {
  readonly environment: string;
  /** The number of this release: `r12`. */
  readonly release: string;
  /** The release that has the traffic, and keeps it. */
  readonly current: string;
  /** What that one was made of. */
  readonly source: SourceRevision;
  readonly undo: UndoRequest;
  /** Why somebody wants it. */
  readonly reason?: string;
}

const guide = "Rollback Procedures, Scenario 3: Database Issues";

/** The steps of an undo in place: a release that moves no traffic, and needs no files. */
export function planUndo({ environment, release, current, source, undo, reason }: UndoFacts): ReleasePlan {
  const { table, tableName, from, to, confirmed, undoes } = undo;
  const items = `${confirmed.items.toLocaleString("en-US")} ${confirmed.items === 1 ? "item" : "items"}`;
  const steps: PlannedStep[] = [
    {
      id: "data.export",
      kind: "data.export",
      title: `export what was changed in ${tableName}`,
      because: `the window is ${from} to ${to}; DynamoDB takes some minutes, and a preview's export is used again`,
      guide,
      undo: "It changes no item. The files in S3 hold items, and stay until the bucket expires them (export_retention_days; never, unless set).",
    },
    {
      id: "data.select",
      kind: "data.select",
      title: `find the ${items} again that were confirmed`,
      guide,
      undo: changesNothing,
    },
    {
      id: "data.write-back",
      kind: "data.write-back",
      title:
        undoes === undefined
          ? `write back what ${items} of ${table} were like`
          : `write again what ${undoes} has taken back in ${table}`,
      because: [
        ...(reason === undefined ? [] : [reason]),
        "only where an item is still exactly as it was found; what somebody has changed since is left and reported",
      ].join("; "),
      guide,
      undo: `slipway rollback ${environment} data --undo-of ${release} takes it back in the same way`,
    },
  ];
  return {
    ...{ version: 1, environment, release, source, previous: current },
    rollsBack: { from: current, to: current, parts: ["data"], functions: [] },
    ...{ undo, steps },
  };
}
