import { createHash } from "node:crypto";
import type { Evidence, Waiver } from "@slipway/contracts";
import { applyWaivers } from "../apply-waivers.ts";
import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import { isGuardedCheck } from "../policy/is-guarded-check.ts";
import { type KnownAuthors, nameIgnoredWaivers, sortWaivers } from "../policy/own-waivers.ts";
import type { Clock } from "../ports/clock.ts";
import type { EvidenceStore } from "../ports/evidence-store.ts";
import type { Progress } from "../ports/progress.ts";
import type { Redactor } from "../redaction/redactor.ts";
import { ReleaseError } from "../release-error.ts";
import { runPhase } from "../run-phase.ts";
import { type ChecklistCheck, type ChecklistFinding, checkId, titleOf } from "./checklist-check.ts";
import { ChecklistFacts, type ChecklistPorts, type ChecklistSubject } from "./checklist-facts.ts";

export interface RunChecklistPorts extends ChecklistPorts {
  readonly store: EvidenceStore;
  /** The target's: how old a backup is. Local AWS's may be ahead of the machine's. */
  readonly clock: Clock;
  /** Dates evidence, which is used again whatever the target's clock says, and bounds the whole. */
  readonly systemClock: Clock;
  readonly progress: Progress;
  /** Evidence quotes what commands print. */
  readonly redactor: Redactor;
}

export interface RunChecklistOptions extends Omit<ChecklistSubject, "now"> {
  readonly checks: readonly ChecklistCheck[];
  readonly waivers: readonly Waiver[];
  /** Look at everything anew. */
  readonly fresh?: boolean;
  /** Leave out what is slow, unless there is evidence of it. */
  readonly quick?: boolean;
  /** It is run by a check of another checklist: then its commands would run for ever. */
  readonly nested?: boolean;
  readonly signal: AbortSignal;
}

/** Quick checks at the same time: they wait for AWS, GitHub and git more than they work. */
const AT_ONCE = 4;
const MINUTE_MS = 60_000;
const CHANGES_WHILE_LOOKING = "what it looked at changed while it ran, so that nobody knows what it is about";

/**
 * Goes through a checklist: first everything that is quick, some at a time, then what is slow, one after the other, because tests that
 * share a machine with others say less.
 *
 * ```
 * quick   ===  ====  ==         (four at a time)
 *         ==   ===   =
 * slow              ======== ===== ==
 * budget  |-----------------------------------| what is not done here is unknown
 * ```
 *
 * What was seen earlier is used again while it is fresh and its inputs are the same; only what passed is.
 *
 * @returns evidence in the order of the checks
 * @throws {ReleaseError} `interrupted` when asked to stop
 */
export async function runChecklist(ports: RunChecklistPorts, options: RunChecklistOptions): Promise<Evidence[]> {
  const { checks, waivers, signal, config } = options;
  const budgetMs = config.release.checklist.budgetMinutes * MINUTE_MS;
  const over = new AbortController();
  const timer = new AbortController();
  const facts = new ChecklistFacts(
    ports,
    { ...options, now: ports.clock.now() },
    AbortSignal.any([signal, over.signal]),
  );
  void ports.systemClock.sleep(budgetMs, timer.signal).then(() => over.abort());
  try {
    const results = new Map<ChecklistCheck, readonly Evidence[]>();
    const run = async (check: ChecklistCheck) => {
      results.set(check, await lookAt(check, facts, ports, { ...options, isOver: () => over.signal.aborted }));
    };
    await inTurns(
      checks.filter(({ pace }) => pace === "quick"),
      AT_ONCE,
      run,
    );
    await inTurns(
      checks.filter(({ pace }) => pace === "slow"),
      1,
      run,
    );
    const evidence = checks.flatMap((check) => results.get(check) ?? []);
    // Here are no checks that put a release back.
    const { counting, ignored } = sortWaivers(waivers, await authorsIn(facts, waivers, signal), new Set());
    const today = new Date(ports.systemClock.now()).toISOString().slice(0, 10);
    return nameIgnoredWaivers(applyWaivers(evidence, counting, today), ignored);
  } finally {
    timer.abort();
  }
}

/** Who wrote what is released; looked up only where it matters to a waiver. */
async function authorsIn(
  facts: ChecklistFacts,
  waivers: readonly Waiver[],
  signal: AbortSignal,
): Promise<KnownAuthors> {
  if (!waivers.some(({ check }) => isGuardedCheck(check, new Set()))) {
    return { authors: [] };
  }
  try {
    const { authors, authorsUnknown } = await facts.authors();
    return authorsUnknown === undefined ? { authors: authors.map((name) => ({ name })) } : { unknown: authorsUnknown };
  } catch (error) {
    assertNotInterrupted(signal, "while the checklist was gone through");
    if (error instanceof ReleaseError) {
      return { unknown: `${error.what}: ${error.why}; ${error.next}` };
    }
    throw error;
  }
}

interface LookOptions extends RunChecklistOptions {
  isOver(): boolean;
}

async function lookAt(
  check: ChecklistCheck,
  facts: ChecklistFacts,
  ports: RunChecklistPorts,
  options: LookOptions,
): Promise<readonly Evidence[]> {
  const { environment, config, signal, fresh, quick, nested, isOver } = options;
  const id = checkId(check);
  const title = titleOf(check, config.release.checklist);
  const dated = (finding: ChecklistFinding): Evidence =>
    ports.redactor.json({
      ...{ check: id, title, ...finding },
      at: new Date(ports.systemClock.now()).toISOString(),
    });
  assertNotInterrupted(signal, "before the checklist was done");
  if (isOver()) {
    return [dated(overBudget(config.release.checklist.budgetMinutes))];
  }
  const inputs = await inputsOf(check, facts, options);
  if (fresh !== true && inputs !== undefined) {
    const kept = await ports.store.read(id, inputs);
    if (kept?.every((each) => isFresh(each, ports.systemClock.now()))) {
      return kept.map((each) => ({ ...each, title, reused: true }));
    }
  }
  if (check.pace === "slow" && (quick === true || nested === true)) {
    const found = quick === true ? "not run in a quick checklist" : "not run inside of a check of another checklist";
    const next = `slipway checklist ${environment}${options.flags}`;
    const { decidedIn } = check;
    return [dated({ ...{ status: "unknown", found, next }, ...(decidedIn && { decidedIn }) })];
  }
  const { value, durationMs } = await runPhase(
    { ...ports, clock: ports.systemClock },
    { phase: `checklist.${check.name}`, title },
    async (line) => {
      const findings = await judge(check, facts, line, options);
      const { status, text } = worstOf(findings);
      const outcome = status === "fail" ? "failed" : "done";
      return { value: findings, outcome, summary: ports.redactor.text(text) };
    },
  );
  // What looks at files for minutes has to have looked at one state of them.
  const isMoved =
    check.pace === "slow" &&
    inputs !== undefined &&
    inputs !== (await inputsOf(check, new ChecklistFacts(ports, facts.subject, facts.signal), options));
  const expires = new Date(ports.systemClock.now() + check.lifetimeMs).toISOString();
  const evidence = value.map(
    (finding): Evidence => ({
      ...dated(
        isMoved && finding.status === "pass"
          ? {
              ...finding,
              status: "unknown",
              found: `${finding.found}; but ${CHANGES_WHILE_LOOKING}`,
              next: "git status, then type the same command again",
            }
          : finding,
      ),
      durationMs,
      ...(inputs === undefined || isMoved ? {} : { inputs, expires }),
    }),
  );
  if (inputs !== undefined && evidence.every(({ status }) => status === "pass")) {
    await ports.store.write(id, inputs, evidence);
  }
  return evidence;
}

/** Never throws but for an interrupt: that nobody knows the inputs only means that nothing can be used again. */
async function inputsOf(
  check: ChecklistCheck,
  facts: ChecklistFacts,
  { signal, config }: LookOptions,
): Promise<string | undefined> {
  try {
    const inputs = await check.inputs(facts);
    return inputs === undefined
      ? undefined
      : createHash("sha256")
          .update(JSON.stringify([check.name, config.release.checklist, ...inputs]))
          .digest("hex");
  } catch (error) {
    assertNotInterrupted(signal, "while the checklist was gone through");
    if (error instanceof ReleaseError) {
      return undefined;
    }
    throw error;
  }
}

async function judge(
  check: ChecklistCheck,
  facts: ChecklistFacts,
  line: (text: string) => void,
  { signal, isOver, config }: LookOptions,
): Promise<readonly ChecklistFinding[]> {
  try {
    return await check.judge(facts, line);
  } catch (error) {
    assertNotInterrupted(signal, "while the checklist was gone through");
    if (isOver()) {
      return [overBudget(config.release.checklist.budgetMinutes)];
    }
    if (error instanceof ReleaseError) {
      return [{ status: "unknown", found: `${error.what}: ${error.why}`, next: error.next }];
    }
    throw error;
  }
}

function overBudget(minutes: number): ChecklistFinding {
  return {
    ...{ status: "unknown", found: `not done within the ${minutes} minutes that the checklist may take` },
    next: "type the same command again: what is done is used again; or raise release.checklist.budgetMinutes",
  };
}

function isFresh({ status, expires }: Evidence, now: number): boolean {
  return status === "pass" && expires !== undefined && now < Date.parse(expires);
}

function worstOf(findings: readonly ChecklistFinding[]): { status: ChecklistFinding["status"]; text: string } {
  const status =
    (["fail", "unknown"] as const).find((worst) => findings.some((each) => each.status === worst)) ?? "pass";
  const [text = ""] = (findings.find((each) => each.status === status)?.found ?? "").split("\n");
  return { status, text: status === "unknown" ? `UNKNOWN: ${text}` : text };
}

async function inTurns<T>(items: readonly T[], atOnce: number, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = [...items];
  const worker = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      await work(next);
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(atOnce, items.length) }, worker));
  const failed = ends.find((each) => each.status === "rejected");
  if (failed !== undefined) {
    throw failed.reason;
  }
}
