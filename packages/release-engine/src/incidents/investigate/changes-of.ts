import type { EnvironmentChange } from "@slipway/analysis";
import type { LedgerEntry, PlanSummary } from "@slipway/contracts";
import { publishedFunctions } from "../../canary/published-functions.ts";
import type { ReleaseRecord, StepRecord } from "../../ledger/release-record.ts";
import { releases } from "../../ledger/releases.ts";
import { appliedInfrastructure } from "../../release/applied-infrastructure.ts";

/** A version of a function that has, or had, a part in an environment's traffic. */
export interface KnownVersion {
  /** By its name in the configuration. */
  readonly name: string;
  readonly functionName: string;
  readonly alias: string;
  readonly version: string;
}

/** What the ledger tells of what was changed. */
export interface LedgerChanges {
  readonly records: readonly ReleaseRecord[];
  readonly changes: readonly EnvironmentChange[];
  /** The newest first. */
  readonly versions: readonly KnownVersion[];
  /** What the infrastructure's plans of releases came to, by release: the last one of each. */
  readonly plans: ReadonlyMap<string, PlanSummary>;
}

const TRAFFIC = new Set(["traffic.shift", "traffic.promote", "traffic.return"]);

/** Reads from the ledger's entries what was changed when: by traffic, by infrastructure, by writes to tables. */
export function changesOf(entries: readonly LedgerEntry[]): LedgerChanges {
  const records = releases(entries);
  const plans = new Map(
    entries.flatMap(({ body }) =>
      body.type === "plan.made" && body.summary.release !== null ? [[body.summary.release, body.summary] as const] : [],
    ),
  );
  const begun = new Map(
    entries.flatMap(({ at, release, body }) =>
      body.type === "step.started" && release !== null ? [[`${release} ${body.step}`, Date.parse(at)] as const] : [],
    ),
  );
  const changes = records.flatMap((record) => [
    ...infrastructureOf(record, plans.get(record.id), begun),
    ...codeOf(record, records),
    ...dataOf(record, begun),
  ]);
  return { records, changes, versions: versionsOf(records), plans };
}

function infrastructureOf(
  record: ReleaseRecord,
  plan: PlanSummary | undefined,
  begun: ReadonlyMap<string, number>,
): EnvironmentChange[] {
  const step = record.steps.get("infrastructure.apply");
  const began = begun.get(`${record.id} infrastructure.apply`);
  // One that was broken off may have changed what its plan names.
  if (step === undefined || began === undefined || appliedInfrastructure(record)?.changed === false) {
    return [];
  }
  const resources = (plan?.resources ?? []).map(({ address, type, action, attributes }) => {
    return { address, type, action, attributes };
  });
  const moments = [...new Set([began, Date.parse(step.at)])].map((at) => ({ at, share: 1 }));
  return [{ ...common(record), part: "infrastructure", moments, resources }];
}

function codeOf(record: ReleaseRecord, records: readonly ReleaseRecord[]): EnvironmentChange[] {
  const moved = [...record.steps.values()].filter(({ kind }) => TRAFFIC.has(kind));
  const published = publishedFunctions(record).filter(({ changed }) => changed);
  // What it has ended with, where the steps of an older Slipway do not say.
  const functions = (published.length > 0 ? published : record.functions).map(({ functionName, version }) => {
    return { name: functionName, version };
  });
  const moments = moved.flatMap((step) => momentOf(record, step));
  if (moments.length === 0 || functions.length === 0) {
    return [];
  }
  const endedAt = takenBackAt(record, records);
  return [{ ...common(record), part: "code", moments, functions, ...(endedAt === undefined ? {} : { endedAt }) }];
}

function momentOf({ plan }: ReleaseRecord, { id, kind, state, at }: StepRecord): { at: number; share: number }[] {
  if (state === "nothing-to-do" || state === "failed") {
    return [];
  }
  const percent = kind === "traffic.shift" ? (plan.steps.find((step) => step.id === id)?.percent ?? 100) : 100;
  return [{ at: Date.parse(at), share: percent / 100 }];
}

/** When its code lost the traffic again: it was put back, or a later release went back to before it. */
function takenBackAt(record: ReleaseRecord, records: readonly ReleaseRecord[]): number | undefined {
  const restored = record.steps.get("traffic.restore");
  if (restored?.state === "done") {
    return Date.parse(restored.at);
  }
  const index = records.indexOf(record);
  const back = records.slice(index + 1).find(({ plan: { rollsBack }, liveAt }) => {
    const [from, to] = [rollsBack?.from, rollsBack?.to].map((id) => records.findIndex((each) => each.id === id));
    const isCode = rollsBack?.parts.includes("code") === true && liveAt !== undefined;
    return isCode && from !== undefined && to !== undefined && index > to && index <= from;
  });
  return back?.liveAt === undefined ? undefined : Date.parse(back.liveAt);
}

function dataOf(record: ReleaseRecord, begun: ReadonlyMap<string, number>): EnvironmentChange[] {
  const { undo, rollsBack } = record.plan;
  const tables = [
    ...(undo === undefined ? [] : [undo.tableName]),
    ...(rollsBack?.restore === undefined ? [] : [rollsBack.restore.table, rollsBack.restore.restored]),
  ];
  const moments = ["data.write-back", "data.adopt"].flatMap((id) => {
    const began = begun.get(`${record.id} ${id}`);
    const step = record.steps.get(id);
    return began === undefined || step === undefined ? [] : [began, Date.parse(step.at)];
  });
  return tables.length === 0 || moments.length === 0
    ? []
    : [{ ...common(record), part: "data", moments: moments.map((at) => ({ at, share: 1 })), tables }];
}

function common({ id, plan }: ReleaseRecord): Pick<EnvironmentChange, "release" | "isRollback"> {
  return { release: id, ...(plan.rollsBack === undefined ? {} : { isRollback: true }) };
}

/** With those that had the traffic before them. */
function versionsOf(records: readonly ReleaseRecord[]): KnownVersion[] {
  const known = new Map<string, KnownVersion>();
  for (const record of records.toReversed()) {
    for (const { name, functionName, alias, version, previousVersion } of publishedFunctions(record)) {
      for (const each of [version, previousVersion]) {
        known.set(`${functionName} ${each}`, { name, functionName, alias, version: each });
      }
    }
    for (const adopted of record.plan.adopts ?? []) {
      const { function: name, functionName, alias, version } = adopted;
      known.set(`${functionName} ${version}`, { name, functionName, alias, version });
    }
  }
  return [...known.values()];
}
