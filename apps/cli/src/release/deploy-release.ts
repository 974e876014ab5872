import type { Actor, ReleasePlan, Waiver } from "@slipway/contracts";
import {
  assertNotInterrupted,
  type HeldLedger,
  knownAuthors,
  nextReleaseId,
  ReleaseError,
  type ReleaseOutcome,
  type ReleaseRecord,
  redactedProgress,
  releases,
  releaseWithTraffic,
  runPhase,
  runRelease,
  startRelease,
  type TakeOptions,
  tellMissed,
  unfinishedRelease,
} from "@slipway/release-engine";
import { isUnfinished, planRelease } from "@slipway/release-plan";
import { assertSameSource } from "./assert-same-source.ts";
import type { OpenRelease } from "./open-release.ts";
import { thisHolder } from "./this-holder.ts";

/** What is asked for. */
export interface DeployRequest {
  /** Environment's name. */
  readonly name: string;
  /** As it is typed, for others who wait: `slipway deploy prod --local`. */
  readonly command: string;
  readonly actor: Actor;
  readonly waitFor: "none" | "immediate" | "all";
  readonly waivers: readonly Waiver[];
  readonly signal: AbortSignal;
  /** Called when the lease is taken. */
  readonly onHeld: () => void;
  /** Flags that commands to type next must have, with a space before each. */
  readonly flags: string;
}

/** What came of it. */
export type Deployed =
  | { readonly kind: "nothing-to-do"; readonly record: ReleaseRecord; readonly because: string }
  | { readonly kind: "outcome"; readonly outcome: ReleaseOutcome };

/**
 * Plans the release of what is checked out now; or says which one goes on.
 *
 * @returns the plan of the unfinished release of the same source, or a new one
 * @throws ReleaseError `busy` where a release of another source is unfinished
 */
export async function planDeployment(
  open: OpenRelease,
  { name, signal, flags }: Pick<DeployRequest, "name" | "signal" | "flags">,
): Promise<{ readonly plan: ReleasePlan; readonly unfinished?: ReleaseRecord; readonly current?: ReleaseRecord }> {
  const [source, entries] = await Promise.all([open.source.revision(signal), open.ledger.read(signal)]);
  const records = releases(entries);
  const unfinished = unfinishedRelease(records);
  if (unfinished !== undefined) {
    const { commit, tree } = unfinished.plan.source;
    if (commit !== source.commit || tree !== source.tree) {
      throw otherIsUnfinished(name, unfinished, flags);
    }
    return { plan: unfinished.plan, unfinished };
  }
  const current = releaseWithTraffic(records);
  const plan = planRelease(
    {
      environment: name,
      release: nextReleaseId(records),
      source,
      previous: current?.id ?? null,
      adopts: current === undefined ? await open.adopted(records) : [],
      functions: open.environment.functions.map((each) => each.name),
    },
    await open.policy(entries),
  );
  return { plan, ...(current === undefined ? {} : { current }) };
}

/**
 * Releases what is checked out: goes on where a release of it was broken off, does nothing where nothing would change.
 *
 * @throws ReleaseError what went wrong; the release is paused then, and can be gone on with
 */
export async function deployRelease(open: OpenRelease, request: DeployRequest): Promise<Deployed> {
  const { name, signal } = request;
  const { plan, unfinished, current } = await planDeployment(open, request);
  if (unfinished === undefined && current !== undefined && current.plan.source.tree === plan.source.tree) {
    // It is no step, of which the engine would take secrets out.
    const { systemClock: clock, progress: shown, redactor } = open.ports;
    const progress = redactedProgress(shown, redactor);
    const { value: decision } = await runPhase(
      { clock, progress },
      { phase: `${name}.decide`, title: "compare with what runs" },
      async () => {
        const value = await open.decide(current, plan.source);
        return { value, summary: value.because };
      },
    );
    if (!decision.release) {
      return { kind: "nothing-to-do", record: current, because: decision.because };
    }
  }
  assertNotInterrupted(signal, `before a release of ${name} was begun`);
  return withLease(open, request, async (held) => {
    if (unfinished === undefined) {
      await startRelease(open.ports, {
        held,
        plan,
        ...(await knownAuthors(open.source, plan.source, current?.plan.source.commit, signal)),
      });
    }
    await writeWaivers(held, plan.release, request.waivers);
    return run(open, request, held, plan.release);
  });
}

/**
 * Goes on with a release, wherever it was broken off.
 *
 * @throws ReleaseError `conflict` where it still needs files, and others are checked out; what went wrong in a step
 */
export async function resumeRelease(
  open: OpenRelease,
  request: DeployRequest,
  record: ReleaseRecord,
): Promise<Deployed> {
  await assertSameSource(open.source, request, record);
  return withLease(open, request, async (held) => {
    await writeWaivers(held, record.id, request.waivers);
    return run(open, request, held, record.id);
  });
}

async function run(
  open: OpenRelease,
  { waitFor, signal }: DeployRequest,
  held: HeldLedger,
  release: string,
): Promise<Deployed> {
  const handlers = open.handlers(held);
  const outcome = await runRelease(open.ports, { held, release, handlers, waitFor, signal });
  // One that can be gone on with may apply its plan yet.
  if (!isUnfinished(outcome.record)) {
    await open.removePlans();
  }
  return { kind: "outcome", outcome };
}

/** How the right to change an environment is taken. */
export interface LeaseRequest extends Pick<DeployRequest, "actor" | "command" | "onHeld" | "flags"> {
  /** Why it is taken from whoever has it. */
  readonly takeOver?: string;
  /** Gets the lease that was taken away for it. */
  readonly onBroken?: NonNullable<TakeOptions["onBroken"]>;
  /** Users wait: what people were not told yet is told after the work. */
  readonly isUrgent?: boolean;
}

/** Does something with the right to change the environment, and gives it back whatever happens. */
export async function withLease<T>(
  {
    ledger,
    ports: { announcer, clock },
  }: Pick<OpenRelease, "ports"> & { readonly ledger: Pick<OpenRelease["ledger"], "take"> },
  { actor, command, onHeld, flags, takeOver, onBroken, isUrgent = false }: LeaseRequest,
  work: (held: HeldLedger) => Promise<T>,
): Promise<T> {
  const held = await ledger.take(thisHolder(actor, command), {
    ...(takeOver !== undefined && { takeOver }),
    ...(onBroken !== undefined && { onBroken }),
  });
  onHeld();
  const tell = async () => {
    if (announcer !== undefined) {
      await tellMissed({ announcer, clock }, held, flags);
    }
  };
  try {
    if (!isUrgent) {
      await tell();
    }
    const result = await work(held);
    if (isUrgent) {
      await tell();
    }
    return result;
  } finally {
    await held.release();
  }
}

async function writeWaivers(held: HeldLedger, release: string, waivers: readonly Waiver[]): Promise<void> {
  for (const waiver of waivers) {
    await held.append({ by: held.holder.actor, release, body: { type: "waiver.given", waiver } });
  }
}

function otherIsUnfinished(name: string, { id, state, reason, plan }: ReleaseRecord, flags: string): ReleaseError {
  const commit = plan.source.commit?.slice(0, 12) ?? "no commit";
  return new ReleaseError({
    kind: "busy",
    what: `${name} has a release of another source that is not finished`,
    why: `${id} (${commit}${plan.source.dirty ? " with changes" : ""}) is ${state}${reason === undefined ? "" : `: ${reason}`}`,
    next: `slipway resume ${name}${flags} goes on with it from its own commit; slipway rollback ${name}${flags} puts it back`,
  });
}
