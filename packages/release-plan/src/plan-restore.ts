import type { PlannedStep, ReleasePlan, ReturnedFunction, SourceRevision, TableRestore } from "@slipway/contracts";
import { checkpointSteps, infrastructureSteps, phase2, proveStep, publishStep, smoke } from "./planned-steps.ts";

/** What is known when the restore of a table is planned. */
export interface RestoreFacts {
  readonly environment: string;
  /** The number of this rollback, in the same row as those of the releases: `r12`. */
  readonly release: string;
  /** The release that has the traffic: its code goes on, on another table. */
  readonly from: string;
  /** What that one was made of. */
  readonly source: SourceRevision;
  readonly restore: TableRestore;
  /** Whether the restored table takes the place of the table; otherwise it is restored, verified and deleted again. */
  readonly switches: boolean;
  /** Whether writes are stopped first. */
  readonly freezes: boolean;
  /** Each with the version that has the traffic, and where its code lies. */
  readonly functions: readonly ReturnedFunction[];
  /** How many people other than the author have to approve what Terraform does. */
  readonly approvals: number;
  /** Whose rules ask for them, in words; the configuration's, unless given. */
  readonly askedBy?: string;
}

const guide = "Rollback Procedures, Scenario 3: Database Issues";

/**
 * The steps of a restore: to a table of its own, which is verified and given the settings that a restore drops, and then either takes the
 * place of the table or is deleted again.
 *
 * ```
 * freeze ── restore ── verify ── settings ── adopt ── Terraform ── publish ── prove ── promote ── smoke ── retire ── checkpoints
 *           restore ── verify ── settings ── discard                                        (only rehearsed)
 * ```
 *
 * It is verified before it gets its settings: with its tags it is the environment's table, which nobody may read whole.
 */
export function planRestore(facts: RestoreFacts): ReleasePlan {
  const { environment, release, from, source, restore, switches, functions } = facts;
  const names = functions.map((each) => each.function);
  return {
    version: 1,
    environment,
    release,
    source,
    previous: from,
    rollsBack: { from, to: from, parts: ["data"], functions: switches ? [...functions] : [], restore },
    steps: switches
      ? [
          ...(facts.freezes ? [freezeStep(facts)] : []),
          ...restoreSteps(facts),
          adoptStep(facts),
          ...infrastructureSteps({ environment }, facts),
          ...names.map(publishStep),
          ...names.map(proveStep),
          promoteStep(facts),
          smoke,
          retireStep(facts),
          ...checkpointSteps({ environment, previous: from }),
        ]
      : [...restoreSteps(facts), discardStep(facts)],
  };
}

function freezeStep({ environment, restore: { table } }: RestoreFacts): PlannedStep {
  return {
    id: "data.freeze",
    kind: "data.freeze",
    title: `stop the writes of ${table}`,
    because: "whatever is written until the switch would be lost; reads go on",
    guide,
    undo: `slipway rollback ${environment} lets it be written to again, as long as this rollback is not over.`,
  };
}

function restoreSteps({ environment, switches, freezes, restore }: RestoreFacts): PlannedStep[] {
  const { table, restored, to } = restore;
  const lost = "time" in to ? `since ${to.time}` : "since the backup was made";
  return [
    {
      id: "data.restore",
      kind: "data.restore",
      title: `restore ${table} to ${restored}`,
      because: [
        "time" in to ? `to the state just before ${to.time}` : `from ${to.backup}`,
        ...(switches ? [`what was written ${lost} is not in it`] : []),
        ...(switches && !freezes
          ? [
              "writes are not stopped: what is written until the switch is lost, too, and nobody can say now how much that will be",
            ]
          : []),
      ].join("; "),
      guide,
      undo: `It changes nothing of ${table}; ${switches ? `slipway rollback ${environment} leaves ${restored} behind, which can be deleted.` : "the restored table is deleted at the end."}`,
    },
    {
      id: "data.verify",
      kind: "data.verify",
      title: `count and digest ${restored}, and ask its indexes`,
      because: "before it gets its tags: afterwards nobody may read all of it",
      guide,
      undo: "It changes nothing.",
    },
    {
      id: "data.settings",
      kind: "data.settings",
      title: `give ${restored} the settings of ${table}`,
      because:
        "a restore drops expiry, point-in-time recovery, deletion protection, tags, streams and the table's own policy",
      guide,
      undo: `It changes nothing of ${table}.`,
    },
  ];
}

function adoptStep({ environment, restore: { table, restored, address } }: RestoreFacts): PlannedStep {
  return {
    id: "data.adopt",
    kind: "data.adopt",
    title: `let Terraform have ${restored} instead of ${table}`,
    because: `${address} is forgotten and imported, after a copy of the state was made`,
    guide,
    undo: `slipway rollback ${environment} lets Terraform have ${table} again.`,
  };
}

function promoteStep({ environment, functions, restore: { table, restored } }: RestoreFacts): PlannedStep {
  return {
    id: "traffic.promote",
    kind: "traffic.promote",
    title: `send all of the traffic to the versions that use ${restored}`,
    because: `no canary: two versions with a table each would answer differently${functions.length > 1 ? "; all functions move together" : ""}`,
    guide: `${phase2}, Step 3: Verify Lambda Deployment`,
    undo: `slipway rollback ${environment} sends it back to the versions that use ${table}; what was written to ${restored} is not in that.`,
  };
}

function retireStep({ restore: { table, keepUntil } }: RestoreFacts): PlannedStep {
  return {
    id: "data.retire",
    kind: "data.retire",
    title: `keep ${table} until ${keepUntil}`,
    because: "it is the way back: protected against deletion, and still frozen where it was",
    guide,
    undo: "It deletes nothing.",
  };
}

function discardStep({ restore: { restored } }: RestoreFacts): PlannedStep {
  return {
    id: "data.discard",
    kind: "data.discard",
    title: `delete ${restored} again`,
    because: "a dry run: nothing is switched to",
    guide,
    undo: "The same command restores it again.",
  };
}
