import {
  type Orphan,
  type OrphanReport,
  type OwnershipRule,
  type ResourceService,
  type ResourceType,
  type ResourceUse,
  resourceTypesByService,
  type ScanGap,
} from "@slipway/contracts";
import { deleteCommands } from "./delete-commands.ts";
import type { FoundResource } from "./found-resource.ts";
import { guessEnvironment } from "./guess-environment.ts";
import { importCommand } from "./import-command.ts";
import { isExpired } from "./match-ownership-rule.ts";
import { type Disposition, type OwnershipFacts, OwnershipJudge } from "./ownership-judge.ts";
import { resourceKey } from "./resource-key.ts";
import { useOf } from "./use-of.ts";

/** What a resource costs per month; undefined where nobody can say. */
export type CostOf = (resource: FoundResource) => { readonly usd: number; readonly formula: string } | undefined;

/** A scan of an account, as far as it came. */
export interface OrphanScan extends OwnershipFacts {
  readonly target: string;
  readonly account: string;
  readonly region: string;
  readonly durationMs: number;
  /** What to show: `all`, or the name of an environment. */
  readonly environment: string;
  readonly services: readonly ResourceService[];
  /** Root modules of the environments in the configuration, by name. */
  readonly directories: Readonly<Record<string, string>>;
  readonly states: OrphanReport["states"];
  readonly gaps: readonly ScanGap[];
  /** What metrics say about the use of resources, by their keys. */
  readonly uses: ReadonlyMap<string, ResourceUse>;
}

type Seen = OrphanReport["remarks"][number];
type Judged = { readonly resource: FoundResource; readonly disposition: Disposition };

const DAY_MS = 86_400_000;

/** Judges a scan: pure, so that the same scan always makes the same report. */
export function reportOrphans(scan: OrphanScan, costOf: CostOf): OrphanReport {
  const judge = new OwnershipJudge(scan);
  const judged = scan.found.map((resource) => ({ resource, disposition: judge.judge(resource) }));
  const types = scan.services.flatMap((service): readonly ResourceType[] => resourceTypesByService[service]);
  const isAsked = ({ resource }: Judged) => types.includes(resource.type);
  const isShown = ({ environment }: { environment?: string }) =>
    scan.environment === "all" || environment === scan.environment;

  const orphans: Orphan[] = [];
  const undecided: OrphanReport["undecided"] = [];
  const remarks: Seen[] = [];
  let hidden = 0;
  for (const each of judged.filter(isAsked)) {
    const { resource, disposition } = each;
    const seen = describe(scan, each);
    if (disposition.kind === "orphan" || disposition.kind === "undecided") {
      if (!isShown(seen)) {
        hidden += 1;
      } else if (disposition.kind === "orphan") {
        orphans.push(orphanOf(scan, resource, seen, disposition.reason, costOf));
      } else {
        undecided.push({ ...seen, reason: disposition.reason });
      }
    } else if (disposition.kind === "state" && isShown(seen) && (seen.untagged || seen.use.verdict === "idle")) {
      remarks.push({ ...seen, owner: disposition.owner });
    }
  }
  return {
    version: 1,
    target: scan.target,
    account: scan.account,
    region: scan.region,
    scannedAt: new Date(scan.now).toISOString(),
    durationMs: scan.durationMs,
    environment: scan.environment,
    services: [...scan.services],
    verdict: scan.gaps.length > 0 || undecided.length > 0 ? "incomplete" : orphans.length > 0 ? "orphans" : "clean",
    gaps: [...scan.gaps],
    states: [...scan.states],
    scanned: types.map((type) => countsOf(type, judged, !scan.unlistedTypes.has(type))),
    orphans: orphans.sort(byTypeAndName),
    undecided: undecided.sort(byTypeAndName),
    remarks: remarks.sort(byTypeAndName),
    hidden,
    rules: scan.rules.map((rule, index) => describeRule(rule, index, judged, scan.now)),
    totals: {
      orphans: orphans.length,
      untagged: orphans.filter(({ untagged }) => untagged).length,
      idle: orphans.filter(({ use }) => use.verdict === "idle").length,
      monthlyUsd: roundCents(orphans.reduce((sum, { monthlyCost }) => sum + (monthlyCost?.usd ?? 0), 0)),
      withoutPrice: orphans.filter(({ monthlyCost }) => monthlyCost === undefined).length,
    },
  };
}

function describe(scan: OrphanScan, { resource, disposition }: Judged): Omit<Seen, "owner"> {
  const { type, id, name, arn, createdAt, modifiedAt } = resource;
  const isOwned = disposition.kind === "state";
  const tags = isOwned ? scan.ownership.tagsOf(resource) : resource.tags;
  const since = createdAt ?? modifiedAt;
  const state = scan.ownership.stateOf(resource);
  const environment =
    state !== undefined && Object.hasOwn(scan.directories, state)
      ? state
      : guessEnvironment({ ...resource, tags }, Object.keys(scan.directories));
  return {
    ...{ type, id, name, arn },
    ...(environment === undefined ? {} : { environment }),
    ...(createdAt === undefined ? {} : { createdAt: new Date(createdAt).toISOString() }),
    ...(createdAt !== undefined || modifiedAt === undefined ? {} : { modifiedAt: new Date(modifiedAt).toISOString() }),
    // Not below zero: AWS's clock and ours differ.
    ...(since === undefined ? {} : { ageDays: Math.max(0, Math.floor((scan.now - since) / DAY_MS)) }),
    ...(tags === undefined ? {} : { tags: { ...tags } }),
    untagged: tags !== undefined && Object.keys(tags).every((key) => key.startsWith("aws:")),
    use: useOf(resource, scan.uses.get(resourceKey(resource)), scan.now),
  };
}

function orphanOf(
  scan: OrphanScan,
  resource: FoundResource,
  seen: Omit<Seen, "owner">,
  reason: string,
  costOf: CostOf,
): Orphan {
  const cost = costOf(resource);
  const directory = seen.environment === undefined ? undefined : scan.directories[seen.environment];
  const command = importCommand(resource, directory);
  return {
    ...seen,
    reason,
    ...(cost === undefined ? {} : { monthlyCost: { ...cost } }),
    ...(command === undefined ? {} : { import: command }),
    delete: deleteCommands(resource, scan.region),
  };
}

function countsOf(type: ResourceType, judged: readonly Judged[], complete: boolean): OrphanReport["scanned"][number] {
  const ofType = judged.filter(({ resource }) => resource.type === type);
  const count = (kind: Disposition["kind"]) => ofType.filter(({ disposition }) => disposition.kind === kind).length;
  return {
    type,
    complete,
    found: ofType.length,
    inState: count("state"),
    byRule: count("rule"),
    otherwise: count("otherwise"),
    orphans: count("orphan"),
    undecided: count("undecided"),
  };
}

function describeRule(rule: OwnershipRule, index: number, judged: readonly Judged[], now: number) {
  return {
    reason: rule.reason,
    matched: judged.filter(({ disposition }) => disposition.kind === "rule" && disposition.rule === index).length,
    expired: isExpired(rule, now),
    ...(rule.expires === undefined ? {} : { expires: rule.expires }),
  };
}

function byTypeAndName(left: { type: string; name: string }, right: { type: string; name: string }): number {
  return left.type.localeCompare(right.type, "en") || left.name.localeCompare(right.name, "en");
}

function roundCents(usd: number): number {
  return Math.round(usd * 100) / 100;
}
