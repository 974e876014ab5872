import {
  type CostOf,
  type FoundResource,
  IDLE_DAYS,
  type OwnershipFacts,
  OwnershipJudge,
  reportOrphans,
  resourceKey,
  StateOwnership,
} from "@slipway/analysis";
import type {
  OrphanReport,
  OwnershipRule,
  ResourceService,
  ResourceType,
  ResourceUse,
  ScanGap,
} from "@slipway/contracts";
import { resourceTypesByService } from "@slipway/contracts";
import type { ResourceScanner, ResourceUseReader } from "./ports/inventory.ts";
import type { StateSource, TerraformState } from "./ports/terraform-states.ts";
import { type FailureKind, ReleaseError } from "./release-error.ts";

/** What a scan for orphans works with. */
export interface FindOrphansPorts {
  readonly scanners: readonly ResourceScanner[];
  readonly usage: ResourceUseReader;
  readonly states: readonly StateSource[];
  readonly costOf: CostOf;
  /** Told what is going on, one line at a time. */
  readonly onLine?: (text: string) => void;
}

/** What is scanned, and what is known before. */
export interface FindOrphansOptions {
  readonly target: string;
  readonly account: string;
  readonly region: string;
  /** `all`, or an environment. */
  readonly environment: string;
  readonly services: readonly ResourceService[];
  /** Root modules of all environments, by name. */
  readonly directories: Readonly<Record<string, string>>;
  readonly rules: readonly OwnershipRule[];
  /** Milliseconds since the epoch by the clock of the AWS that is scanned. */
  readonly now: number;
  /** Aborted when the time for the scan is over. */
  readonly deadline: AbortSignal;
  /** Aborted when somebody stops it. */
  readonly signal: AbortSignal;
}

const DAY_MS = 86_400_000;

/** Types that must be listed to judge another one: what a log group, a backup or an alias is a part of. */
const judgedBy: Readonly<Partial<Record<ResourceType, readonly ResourceType[]>>> = {
  "log-group": ["lambda-function", "rest-api"],
  "dynamodb-backup": ["dynamodb-table"],
  "kms-alias": ["kms-key"],
};

/** The types that must be scanned to judge those of some services. */
export function typesToScan(services: readonly ResourceService[]): Set<ResourceType> {
  const asked = services.flatMap((service): readonly ResourceType[] => resourceTypesByService[service]);
  return new Set(asked.flatMap((type) => [type, ...(judgedBy[type] ?? [])]));
}

/**
 * Compares everything that exists with everything that states and rules own. It never fails for what it cannot see: that
 * becomes a gap in the report, and the verdict `incomplete`.
 */
export async function findOrphans(ports: FindOrphansPorts, options: FindOrphansOptions): Promise<OrphanReport> {
  const startedAt = performance.now();
  const gaps = new Gaps(options, ports.onLine ?? (() => {}));
  const asked = options.services.flatMap((service): readonly ResourceType[] => resourceTypesByService[service]);
  const needed = typesToScan(options.services);
  const scanners = ports.scanners.filter(({ type }) => needed.has(type));
  const unlistedTypes = new Set<ResourceType>(
    [...needed].filter((type) => !scanners.some((each) => each.type === type)),
  );
  for (const type of unlistedTypes) {
    gaps.addMissingScanner(type);
  }

  const reading = Promise.all(ports.states.map((source) => readState(source, gaps, options.signal)));
  const listings = new Map(scanners.map((scanner) => [scanner.type, listAll(scanner, gaps, unlistedTypes)]));
  const undescribed = new Set<string>();
  const factsOf = (states: readonly ReadState[]): Omit<OwnershipFacts, "found"> => ({
    ...{ unlistedTypes, undescribed, rules: options.rules, now: options.now },
    ownership: new StateOwnership(
      states.flatMap(({ source, state }) =>
        state === undefined ? [] : [{ name: source.name, resources: state.resources }],
      ),
      options,
    ),
    unreadStates: states.filter(({ outcome }) => outcome === "failed").map(({ source }) => source.name),
  });

  // Each type goes on as soon as what judges it is there: one that is throttled holds up nobody else.
  const scanned = await Promise.all(
    scanners.map(async (scanner) => {
      const [facts, items, ...parents] = await Promise.all([
        reading.then(factsOf),
        listings.get(scanner.type) ?? [],
        ...(judgedBy[scanner.type] ?? []).map((type) => listings.get(type) ?? []),
      ]);
      const judge = new OwnershipJudge({ ...facts, found: [...items, ...parents.flat()] });
      const found = await describeUnowned(scanner, items, judge, { gaps, undescribed });
      const uses = asked.includes(scanner.type)
        ? await readUses(ports.usage, scanner.type, found, gaps, options.now)
        : [];
      return { found, uses: [...uses] };
    }),
  );
  const states = await reading;

  return reportOrphans(
    {
      ...options,
      ...factsOf(states),
      found: scanned.flatMap(({ found }) => found),
      uses: new Map(scanned.flatMap(({ uses }) => uses)),
      gaps: gaps.list,
      durationMs: Math.round(performance.now() - startedAt),
      states: states.map(({ source, state, outcome }) => ({
        name: source.name,
        location: source.location,
        outcome,
        ...(state === undefined ? {} : { serial: state.serial }),
        resources: state?.resources.length ?? 0,
      })),
    },
    ports.costOf,
  );
}

interface ReadState {
  readonly source: StateSource;
  readonly state?: TerraformState;
  readonly outcome: "read" | "none" | "failed";
}

async function readState(source: StateSource, gaps: Gaps, signal: AbortSignal): Promise<ReadState> {
  try {
    const state = await source.read(signal);
    return { source, state, outcome: state === undefined ? "none" : "read" };
  } catch (error) {
    gaps.add(`state ${source.name}`, error);
    return { source, outcome: "failed" };
  }
}

async function listAll(scanner: ResourceScanner, gaps: Gaps, unlisted: Set<ResourceType>): Promise<FoundResource[]> {
  // By key: a resource that is made or deleted meanwhile can move another one onto the next page too.
  const items = new Map<string, FoundResource>();
  const seenPages = new Set<string>();
  let page: string | undefined;
  try {
    do {
      gaps.assertTimeLeft();
      const { items: more, next } = await scanner.list(page);
      for (const item of more) {
        items.set(resourceKey(item), item);
      }
      if (next !== undefined && seenPages.has(next)) {
        throw new ReleaseError({
          kind: "failed",
          what: `The listing of ${scanner.type} does not come to an end`,
          why: "AWS names a page as the next one that was there before",
          next: "type the same command again",
        });
      }
      seenPages.add(next ?? "");
      page = next;
    } while (page !== undefined);
  } catch (error) {
    unlisted.add(scanner.type);
    gaps.add(scanner.type, error);
  }
  gaps.say(`${scanner.type}: ${items.size} found`);
  return [...items.values()];
}

/** Looks closely at what nobody owns so far: tags may say more, and the report needs age, size and dependents. */
async function describeUnowned(
  scanner: ResourceScanner,
  listed: readonly FoundResource[],
  judge: OwnershipJudge,
  { gaps, undescribed }: { gaps: Gaps; undescribed: Set<string> },
): Promise<FoundResource[]> {
  const described = await Promise.all(
    listed.map(async (resource): Promise<FoundResource | undefined> => {
      const { kind } = judge.judge(resource);
      if (kind !== "orphan" && kind !== "undecided") {
        return resource;
      }
      try {
        gaps.assertTimeLeft();
        return await scanner.describe(resource);
      } catch (error) {
        undescribed.add(resourceKey(resource));
        gaps.add(resource.type, error);
        return resource;
      }
    }),
  );
  return described.filter((resource) => resource !== undefined);
}

async function readUses(
  usage: ResourceUseReader,
  type: ResourceType,
  found: readonly FoundResource[],
  gaps: Gaps,
  now: number,
): Promise<Iterable<[string, ResourceUse]>> {
  const measurable = usage.types.has(type) ? found.filter(({ use }) => use === undefined) : [];
  if (measurable.length === 0) {
    return [];
  }
  try {
    gaps.assertTimeLeft();
    return await usage.usesOf(measurable, now - IDLE_DAYS * DAY_MS, now);
  } catch (error) {
    gaps.add(`use of ${type}`, error);
    return [];
  }
}

const gapKinds: Readonly<Partial<Record<FailureKind, ScanGap["kind"]>>> = {
  denied: "denied",
  throttled: "throttled",
  unreachable: "unreachable",
  timeout: "deadline",
  interrupted: "interrupted",
};

/** Collects what could not be found out; each call that failed for the same subject and kind once. */
class Gaps {
  readonly #byReason = new Map<string, ScanGap>();
  readonly #signals: Pick<FindOrphansOptions, "deadline" | "signal">;
  readonly #onLine: (text: string) => void;

  constructor(signals: Pick<FindOrphansOptions, "deadline" | "signal">, onLine: (text: string) => void) {
    this.#signals = signals;
    this.#onLine = onLine;
  }

  get list(): ScanGap[] {
    return [...this.#byReason.values()];
  }

  say(text: string): void {
    this.#onLine(text);
  }

  /** @throws ReleaseError `interrupted` or `timeout` */
  assertTimeLeft(): void {
    const stop = this.#stop();
    if (stop !== undefined) {
      throw stop;
    }
  }

  /** @throws what is no failure that can be expected: a bug of ours must not look like a gap */
  add(subject: string, error: unknown): void {
    // Whatever a call that was cut off throws, the reason is that it was cut off.
    const failure = this.#stop() ?? error;
    if (!(failure instanceof ReleaseError)) {
      throw failure;
    }
    const { kind, what, why, next } = failure;
    const gap: ScanGap = { subject, kind: gapKinds[kind] ?? "failed", why: `${what}: ${why}`, next };
    // The first word is the call: two calls that are denied need two permissions, a thousand resources only one each.
    const reason = `${subject} ${gap.kind} ${what.split(" ")[0]}`;
    if (!this.#byReason.has(reason)) {
      this.#byReason.set(reason, gap);
      this.#onLine(`${subject}: ${gap.kind}`);
    }
  }

  addMissingScanner(type: ResourceType): void {
    this.add(
      type,
      new ReleaseError({
        kind: "failed",
        what: `${type} cannot be scanned`,
        why: "there is no scanner for it",
        next: "leave its service out of the scan",
      }),
    );
  }

  #stop(): ReleaseError | undefined {
    if (this.#signals.signal.aborted) {
      return new ReleaseError({
        kind: "interrupted",
        what: "The scan was interrupted",
        why: "it was asked to stop",
        next: "type the same command again",
      });
    }
    return this.#signals.deadline.aborted
      ? new ReleaseError({
          kind: "timeout",
          what: "The scan did not end in time",
          why: "its deadline was reached",
          next: "give it more with --timeout, or scan one service at a time",
        })
      : undefined;
  }
}
