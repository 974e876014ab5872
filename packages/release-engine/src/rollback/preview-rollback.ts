import { shellQuote, stopsPlan } from "@slipway/analysis";
import {
  type PlanSummary,
  type RollbackPart,
  type RollbackPreview,
  rollbackParts,
  type StepKind,
  stepResultSchemas,
} from "@slipway/contracts";
import { hasMovedTraffic } from "@slipway/release-plan";
import type { ReleaseRecord } from "../ledger/release-record.ts";
import { appliedInfrastructure } from "../release/applied-infrastructure.ts";
import { type BegunMigration, migrationsSince } from "./contracted-since.ts";
import { decideRollback } from "./decide-rollback.ts";
import { partWords } from "./part-words.ts";
import { restoredWrites, restoredWritesWords } from "./restored-writes.ts";
import type { RollbackDecision } from "./rollback-decision.ts";

/** A decision that leads somewhere. */
export type RollbackWay = Extract<RollbackDecision, { way: "put-back" | "go-on" | "release" }>;

export interface PreviewFacts {
  readonly environment: string;
  /** All releases of the environment, oldest first. */
  readonly records: readonly ReleaseRecord[];
  readonly decision: RollbackWay;
  /** What is asked to go back. */
  readonly parts: readonly RollbackPart[];
  /** The release that is asked for, where it is another than the first stop. */
  readonly to?: string;
  /** Undefined where nobody could look. */
  readonly migrations: readonly BegunMigration[] | undefined;
  /** What Terraform would change, where that was planned. */
  readonly plan?: PlanSummary;
  readonly problems: readonly string[];
  readonly unknown: readonly string[];
  /** What commands to type next need after the environment's name: empty, or with a space before it. */
  readonly flags: string;
}

/**
 * What a rollback would do to code, infrastructure and data together, what stays as it is, how long it takes by what it took before, and
 * what nobody can undo. Pure.
 */
export function previewRollback(facts: PreviewFacts): RollbackPreview {
  const { decision, environment, parts, flags, problems, unknown } = facts;
  const { from, to } = endsOf(facts);
  const target = facts.records.find(({ id }) => id === to);
  const since = target === undefined ? [] : releasesSince(facts.records, target);
  const of = { code: codeOf, infrastructure: infrastructureOf, data: dataOf };
  const toFlag = target === undefined ? "" : ` --to ${target.id}`;
  const shown = rollbackParts.map((part) => {
    // A restore goes back as a whole, whatever part is asked for.
    const goes = parts.includes(part) || (part === "data" && lossOf(decision) !== undefined);
    const words = part === "code" ? "" : ` ${part}`;
    return {
      ...{ part, goes, ...of[part](facts, target, since) },
      command: `slipway rollback ${environment}${words}${toFlag}${flags}`,
    };
  });
  return {
    ...{ from, to, way: decision.way, problems: [...problems], unknown: [...unknown] },
    parts: shown,
    together: target === undefined ? null : togetherOf(facts, target, shown),
    plan: facts.plan ?? null,
    warnings: warningsOf(facts, target),
  };
}

const BOTH = ["code", "infrastructure"] as const satisfies readonly RollbackPart[];

/** The rollback that takes both, where one of them is asked for and the other is not the same. */
function togetherOf(
  { environment, records, migrations, decision, parts, flags }: PreviewFacts,
  target: ReleaseRecord,
  shown: readonly RollbackPreview["parts"][number][],
): RollbackPreview["together"] {
  const both = shown.filter(({ part }) => part !== "data");
  const isLeft = both.some(({ goes, differs }) => !goes && differs !== false);
  if (!isLeft || !parts.some((part) => part !== "data") || lossOf(decision) !== undefined) {
    return null;
  }
  const known = migrations === undefined ? {} : { migrations };
  const other = decideRollback({ environment, records, parts: BOTH, to: target.id, flags, ...known });
  const seconds = both.flatMap((each) => each.seconds ?? []);
  return {
    command: `slipway rollback ${environment}${partWords(BOTH)} --to ${target.id}${flags}`,
    seconds: seconds.length === both.length ? seconds.reduce((sum, each) => sum + each, 0) : null,
    refused: other.way === "refused" ? `${other.refusal.what}: ${other.refusal.why}` : null,
  };
}

function endsOf({ decision, records, to: asked }: PreviewFacts): { from: string; to: string | null } {
  switch (decision.way) {
    case "release":
      return { from: decision.from.id, to: decision.to.id };
    case "go-on": {
      const { id, plan } = decision.record;
      return { from: plan.rollsBack?.from ?? id, to: plan.rollsBack?.to ?? null };
    }
    case "put-back": {
      const to = decision.goesOn === true ? asked : decision.to;
      return { from: decision.record.id, to: records.find(({ id }) => id === to)?.id ?? null };
    }
  }
}

type Part = Pick<RollbackPreview["parts"][number], "differs" | "lines" | "seconds" | "irreversible">;

function codeOf({ decision, records }: PreviewFacts): Part {
  const moves = movesOf(decision);
  const differing = moves.filter(({ from, to }) => from !== to);
  const hasMoved = decision.way !== "put-back" || hasMovedTraffic(decision.record);
  return {
    differs: hasMoved && differing.length > 0,
    lines: !hasMoved
      ? ["no traffic was moved yet: there is none to send back"]
      : moves.map(({ functionName, from, to }) =>
          from === to ? `${functionName} stays at version ${to}` : `${functionName} from version ${from} to ${to}`,
        ),
    seconds: secondsOf(records, ["traffic.return", "traffic.restore"], ["traffic.verify"]),
    irreversible: [],
  };
}

function movesOf(decision: RollbackWay): { functionName: string; from: string; to: string }[] {
  const plan = decision.way === "release" ? decision.plan : decision.record.plan;
  if (decision.way === "put-back" && decision.straight !== undefined) {
    return decision.straight.map(({ functionName, from, version }) => ({ functionName, from, to: version }));
  }
  const returned = plan.rollsBack?.functions ?? [];
  if (decision.way !== "put-back") {
    return returned.map(({ functionName, from, version }) => ({ functionName, from, to: version }));
  }
  if (returned.length > 0) {
    return returned.map(({ functionName, from, version }) => ({ functionName, from: version, to: from }));
  }
  const { functions, steps } = decision.record;
  const published = [...steps.values()].flatMap(({ kind, result }) =>
    kind === "code.publish" ? (stepResultSchemas["code.publish"].safeParse(result).data ?? []) : [],
  );
  return (functions.length > 0 ? functions : published).map(({ functionName, version, previousVersion }) => ({
    ...{ functionName, from: version, to: previousVersion },
  }));
}

/** Releases that were begun after a release was live, whatever became of them: what they have applied is there. */
function releasesSince(records: readonly ReleaseRecord[], target: ReleaseRecord): readonly ReleaseRecord[] {
  return records.slice(records.findIndex(({ id }) => id === target.id) + 1);
}

function infrastructureOf(
  { records, environment, flags, decision, plan }: PreviewFacts,
  target: ReleaseRecord | undefined,
  since: readonly ReleaseRecord[],
): Part {
  const nothing = { seconds: null, irreversible: [] };
  const seconds = secondsOf(records, ["infrastructure.plan"], ["infrastructure.apply"], ["infrastructure.validate"]);
  if (plan !== undefined) {
    return { ...plannedPart(plan), seconds };
  }
  if (target === undefined) {
    return { ...nothing, differs: null, lines: ["nobody wrote down what was there before the first release"] };
  }
  const applied = since.map((record) => ({ record, result: appliedInfrastructure(record) }));
  const lines = applied.flatMap(({ record: { id, steps }, result }): string[] => {
    if (result === undefined) {
      return !steps.has("infrastructure.apply")
        ? []
        : [`${id} was broken off while it applied: nobody knows what of it is there`];
    }
    const { add, change, destroy } = result.counts;
    return result.changed ? [`${id} has applied ${add} to add, ${change} to change, ${destroy} to destroy`] : [];
  });
  const destroyed = applied.reduce((sum, { result }) => sum + (result?.counts.destroy ?? 0), 0);
  const loss = lossOf(decision);
  if (loss !== undefined) {
    lines.push(
      `Terraform gets ${loss.table} back; alarms, dashboards and the functions' own configuration stay with ${loss.restored} until the next release`,
    );
  }
  return {
    differs: lines.length > 0,
    lines: lines.length > 0 ? lines : [`no release since ${target.id} has changed anything`],
    seconds,
    irreversible:
      destroyed === 0
        ? []
        : [
            `${destroyed} resources were destroyed since; what was in them does not come back: slipway plan ${environment}${flags}`,
          ],
  };
}

/** As Terraform sees it, which knows what releases and people have changed. */
function plannedPart({ changed, counts, resources, gate, findings }: PlanSummary): Omit<Part, "seconds"> {
  const { add, change, destroy } = counts;
  const stops = findings.filter(stopsPlan).map(({ id, address }) => `${id} ${address}`);
  return {
    differs: changed,
    lines: [
      changed
        ? `Terraform would add ${add}, change ${change}, destroy ${destroy}`
        : "Terraform would change nothing: it is as the commit says",
      ...(gate === "open" ? [] : [`it would wait until somebody accepts by name: ${stops.join(", ")}`]),
    ],
    irreversible: resources.flatMap(({ address, isReversible, lost, destroys }) =>
      isReversible === false || destroys !== undefined
        ? [`${address}: no plan brings back ${lost ?? "what it has"}${confirmWords(destroys)}`]
        : [],
    ),
  };
}

/** What holds data is destroyed only where somebody types its name. */
function confirmWords(destroys: PlanSummary["resources"][number]["destroys"]): string {
  return destroys?.name === undefined ? "" : `; it asks for --confirm ${shellQuote(destroys.name)}`;
}

/** The restore whose writes a put-back loses. */
function lossOf(decision: RollbackWay) {
  return decision.way === "put-back" ? restoredWrites(decision.record) : undefined;
}

function dataOf({ records, migrations, decision }: PreviewFacts, target: ReleaseRecord | undefined): Part {
  const loss = lossOf(decision);
  if (loss !== undefined) {
    return {
      differs: true,
      lines: [`${loss.table} takes the place of ${loss.restored} again, as it was at the switch`],
      seconds: secondsOf(records, ["data.thaw"]),
      irreversible: [restoredWritesWords(loss)],
    };
  }
  const nothing = { seconds: null, irreversible: [] };
  if (migrations === undefined || target === undefined) {
    return { ...nothing, differs: null, lines: ["nobody could see which migrations were run"] };
  }
  const since = migrationsSince(records, target, migrations);
  return {
    differs: since.length > 0,
    lines:
      since.length === 0
        ? [`no migration was begun since ${target.id} had the traffic; what users wrote stays`]
        : since.map(({ id, table, phase, startedAt }) => `${id} of ${table} (${phase}) was begun at ${startedAt}`),
    seconds: null,
    irreversible: ["a restore loses what was written since; undoing writes in place loses nothing"],
  };
}

/** How long steps of these kinds took, together: of each group the last one that was done; null where one never was. */
function secondsOf(records: readonly ReleaseRecord[], ...groups: readonly (readonly StepKind[])[]): number | null {
  const steps = records.flatMap((record) => [...record.steps.values()]);
  const durations = groups.map(
    (kinds) =>
      steps.findLast(
        ({ kind, state, durationMs }) => kinds.includes(kind) && state === "done" && durationMs !== undefined,
      )?.durationMs,
  );
  const known = durations.filter((each) => each !== undefined);
  return known.length === 0 ? null : Math.ceil(known.reduce((sum, each) => sum + each, 0) / 1_000);
}

function warningsOf({ decision }: PreviewFacts, target: ReleaseRecord | undefined): string[] {
  const warnings: string[] = [];
  if (target !== undefined && (target.state === "put-back" || target.state === "failed")) {
    warnings.push(`${target.id} was put back itself: ${target.reason ?? "nobody said why"}`);
  }
  const failed = Object.entries(target?.checkpoints ?? {}).filter(([, { verdict }]) => verdict === "fail");
  if (target !== undefined && failed.length > 0) {
    warnings.push(`${target.id} failed at its ${failed.map(([window]) => window).join(" and ")} checkpoint`);
  }
  if (decision.way === "release" && decision.stays.length > 0) {
    warnings.push(`${decision.stays.join(" and ")} came after ${decision.to.id}, and stays as it is`);
  }
  if (decision.way === "put-back" && decision.record.plan.rollsBack !== undefined) {
    const { id, plan } = decision.record;
    warnings.push(`${id} is a rollback itself: this goes back to ${plan.rollsBack?.from}, from which it went away`);
  }
  return warnings;
}
