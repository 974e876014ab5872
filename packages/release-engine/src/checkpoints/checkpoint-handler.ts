import type {
  CheckpointConfig,
  Evidence,
  LedgerBodyOf,
  LedgerEntry,
  ReleasePlan,
  SignOff,
  ValidationConfig,
  ValidationMeasurements,
  ValidationWindow,
} from "@slipway/contracts";
import { hasPredecessor } from "@slipway/release-plan";
import { applyWaivers } from "../apply-waivers.ts";
import { assertNotInterrupted } from "../assert-not-interrupted.ts";
import { givenWaivers } from "../ledger/given-waivers.ts";
import { releases } from "../ledger/releases.ts";
import type { CheckpointRules } from "../policy/checkpoint-rules.ts";
import { type KnownAuthors, nameIgnoredWaivers, sortWaivers } from "../policy/own-waivers.ts";
import { whoseRules } from "../policy/whose-rules.ts";
import type { Announcer } from "../ports/announcer.ts";
import type { Clock } from "../ports/clock.ts";
import { insteadOfPuttingBack } from "../release/first-release-stays.ts";
import type { StepContext, StepEnd, StepHandler } from "../release/step-handler.ts";
import { WINDOWS } from "../validation/windows.ts";
import { checkpointMessage } from "./checkpoint-message.ts";
import { type CheckpointVerdict, judgeCheckpoint } from "./judge-checkpoint.ts";
import { ownRequestsIn, ownRequestsOf } from "./own-requests.ts";

/** Measures and judges a deployment, as `slipway validate ENV --window WINDOW` does. */
export interface CheckpointEvidence {
  /**
   * @returns what was measured, and what was seen of the resources
   * @throws {ReleaseError} when it cannot even be begun; `interrupted` when asked to stop
   */
  measure(question: {
    readonly window: ValidationWindow;
    /** Milliseconds since the epoch, on the target's clock. */
    readonly releasedAt: number;
    /** Whether the smoke scenario is run. */
    readonly smoke: boolean;
    readonly signOff?: SignOff;
    /** What resources are judged by; as it is checked out, unless given. */
    readonly limits?: ValidationConfig | undefined;
    readonly signal: AbortSignal;
  }): Promise<{ readonly deployment: readonly Evidence[]; readonly measurements: ValidationMeasurements }>;
  /**
   * @param ownRequests how many of the measured requests nobody but the checkpoints has sent
   * @param limits what is too much; as they are checked out, unless given
   */
  judge(measurements: ValidationMeasurements, ownRequests: number, limits?: ValidationConfig): readonly Evidence[];
}

export interface CheckpointDeps {
  readonly evidence: CheckpointEvidence;
  /** The target's clock. */
  readonly clock: Clock;
  readonly config: Pick<CheckpointConfig, "tryAgainForSeconds">;
  /**
   * What puts a release back, and what need not pass: as the release itself says, and not what is checked out where it is judged. Waivers of
   * the ledger are read when they are needed.
   */
  rules(plan: ReleasePlan, signal: AbortSignal): Promise<CheckpointRules>;
  /** The environment's ledger as it is now: sign-offs and waivers may be given at any time. */
  readEntries(): Promise<readonly LedgerEntry[]>;
  readonly announcer?: Announcer;
  /** What commands to type next need after the environment's name: empty, or with a space before it. */
  readonly flags: string;
}

/** CloudWatch counts by the minute: sooner there is nothing new to see. */
const AGAIN_MS = 60_000;
/** An entry of the ledger holds less than 400 KB, the evidence included. */
const MOST_MEASURED_BYTES = 200_000;

/**
 * Judges a live release at one of its checkpoints: everything that a validation of the window looks at, from the moment on which the
 * release went live.
 *
 *     measure, judge --- a check of rollBackOn fails ------------------> failed: the release is put back (a first one stays: done: fail)
 *        ^    |     `--- all pass, or are waived ----------------------> done: pass
 *        |    |     `--- others fail, and everything else is known ----> done: fail, told to people
 *        |    |     `--- the rest is for people to say ----------------> paused: unknown, told to people
 *        |    `--------- something is not known
 *        +-- a minute later, for tryAgainForSeconds ----- in the end --> paused: unknown (or fail), told to people
 *
 * A first release is live and has nothing to go back to but Terraform's placeholder, which answers nobody: it stays, whatever fails.
 *
 * The smoke scenario is run once in each judgement, however often it is measured again, and the requests of checkpoints do not count
 * towards the number from which a rate is judged: a day without users stays unknown.
 */
export function checkpointHandler(deps: CheckpointDeps): StepHandler<"checkpoint"> {
  return async (context) => {
    const { window } = context.step;
    const { liveAt } = context.record;
    if (window === undefined || liveAt === undefined) {
      throw new Error(`${context.step.id} is no checkpoint of a live release`);
    }
    const rules = await deps.rules(await ruling(deps, context.plan), context.signal);
    context.line(`judged by ${rules.because}`);
    const found = await judgeUntilKnown(deps, context, { window, releasedAt: Date.parse(liveAt), rules });
    // A rollback is not turned round either: it would lead back to what was bad.
    const mayGoBack = hasPredecessor(context.plan) && context.plan.rollsBack === undefined;
    const judged = { ...found, putsBack: found.putsBack && mayGoBack, stays: found.putsBack && !mayGoBack };
    const { verdict, evidence, measurements } = judged;
    const entry: LedgerBodyOf<"checkpoint.judged"> = {
      ...{ type: "checkpoint.judged", window, verdict, evidence: [...evidence] },
      ...(JSON.stringify(measurements).length > MOST_MEASURED_BYTES ? {} : { measurements }),
    };
    const isNews = verdict !== "unknown" || !wasUnknown(judged.entries, context.plan.release, window);
    await context.write(entry);
    if (isNews) {
      await deps.announcer?.announce(checkpointMessage(context.plan, entry, judged, deps.flags), context.write);
    }
    const end = endOf(deps, context, window, judged);
    return rules.unknown === undefined ? end : { ...end, summary: `${end.summary}; ${rules.unknown}` };
  };
}

/** The plan of the release whose rules count. */
async function ruling({ readEntries }: CheckpointDeps, plan: ReleasePlan): Promise<ReleasePlan> {
  if (plan.rollsBack === undefined) {
    return plan;
  }
  const records = releases(await readEntries());
  const record = records.find(({ id }) => id === plan.release);
  return record === undefined ? plan : whoseRules(records, record).plan;
}

interface Judged extends CheckpointVerdict {
  readonly evidence: readonly Evidence[];
  readonly measurements: ValidationMeasurements;
  /** The ledger as it was. */
  readonly entries: readonly LedgerEntry[];
}

interface Decided extends Judged {
  /** Whether what failed would put the release back, had anything run before it. */
  readonly stays: boolean;
}

async function judgeUntilKnown(
  { evidence: port, clock, config, readEntries }: CheckpointDeps,
  { plan, line, signal }: StepContext,
  question: {
    readonly window: ValidationWindow;
    readonly releasedAt: number;
    readonly rules: CheckpointRules;
  },
): Promise<Judged> {
  const { window, releasedAt, rules } = question;
  const putBackOn = rules.rollBackOn;
  const endsAt = clock.now() + config.tryAgainForSeconds * 1_000;
  let smoke: ValidationMeasurements["smoke"] = null;
  let sent = 0;
  for (let look = 1; ; look += 1) {
    const entries = await readEntries();
    const signOff = signOffOf(entries, plan.release);
    const found = await port.measure({
      ...{ window, releasedAt, signal },
      ...{ smoke: smoke === null, limits: rules.limits },
      ...(signOff === undefined ? {} : { signOff }),
    });
    const ownBefore = sent + ownRequestsIn(entries, plan.release, found.measurements.period);
    sent += ownRequestsOf(found.measurements);
    smoke ??= found.measurements.smoke;
    const measurements = { ...found.measurements, smoke };
    const given = [...rules.waivers, ...givenWaivers(entries, plan.release)];
    const { counting, ignored } = sortWaivers(given, authorsOfRelease(entries, plan.release), putBackOn);
    const looked = [...found.deployment, ...port.judge(measurements, ownBefore, rules.limits)];
    const waived = applyWaivers(looked, counting, measurements.at.slice(0, 10));
    const evidence = nameIgnoredWaivers(waived, [...rules.ignored, ...ignored]);
    const judged = judgeCheckpoint(evidence, putBackOn);
    const left = endsAt - clock.now();
    if (judged.putsBack || !judged.mayChange || left <= 0) {
      return { ...judged, evidence, measurements, entries };
    }
    line(
      `look ${look}: ${idsOf(judged.unknown)} not known yet; again in a minute, ${Math.ceil(left / 60_000)} min long at most`,
      { isWait: true },
    );
    await clock.sleep(Math.min(AGAIN_MS, left), signal);
    assertNotInterrupted(
      signal,
      "between two looks of a checkpoint; the release is live, and nothing was judged",
      `slipway watch ${plan.environment} judges it`,
    );
  }
}

/** The newest word about a release. */
function signOffOf(entries: readonly LedgerEntry[], release: string): SignOff | undefined {
  const bodies = entries.filter((entry) => entry.release === release).map(({ body }) => body);
  return bodies.flatMap((body) => (body.type === "sign-off.given" ? [body.signOff] : [])).at(-1);
}

/** Who wrote a release; who only started it has not. */
function authorsOfRelease(entries: readonly LedgerEntry[], release: string): KnownAuthors {
  const started = entries.find((entry) => entry.release === release && entry.body.type === "release.started");
  const body = started?.body.type === "release.started" ? started.body : undefined;
  return body?.authorsUnknown === undefined
    ? { authors: (body?.authors ?? []).map((name) => ({ name })) }
    : { unknown: body.authorsUnknown };
}

function wasUnknown(entries: readonly LedgerEntry[], release: string, window: ValidationWindow): boolean {
  const last = entries.findLast(
    ({ release: of, body }) => of === release && body.type === "checkpoint.judged" && body.window === window,
  );
  return last?.body.type === "checkpoint.judged" && last.body.verdict === "unknown";
}

function endOf(
  { flags }: CheckpointDeps,
  { plan }: StepContext,
  window: ValidationWindow,
  { verdict, putsBack, stays, mayChange, decidedBy, unknown, evidence }: Decided,
): StepEnd<"checkpoint"> {
  const { environment, release } = plan;
  const result = { window, verdict, decidedBy: [...new Set(decidedBy.map(({ check }) => check))] };
  const waived = evidence.filter(({ status }) => status === "waived").length;
  const show = `slipway show ${environment} ${release}${flags}`;
  if (putsBack) {
    return { outcome: "failed", summary: `${idsOf(decidedBy)}: ${foundIn(decidedBy)}`, next: show, result };
  }
  if (stays) {
    if (plan.rollsBack !== undefined) {
      const summary = `FAILED, and the rollback stays: it is not taken back by itself. ${idsOf(decidedBy)} (${foundIn(decidedBy)}); slipway rollback ${environment} --to RELEASE${flags} goes elsewhere`;
      return { outcome: "done", summary, result };
    }
    const summary = `FAILED, and the first release stays: nothing ran before it. ${idsOf(decidedBy)} (${foundIn(decidedBy)}); ${insteadOfPuttingBack(environment, flags)}`;
    return { outcome: "done", summary, result };
  }
  if (unknown.length > 0 || evidence.length === 0) {
    const failed = verdict === "fail" ? `FAILED for people: ${idsOf(decidedBy)}; ` : "";
    // What the configuration has to say comes first: a word of somebody is worth little before it.
    const first = unknown.find(({ check }) => !isFeedback(check));
    const next =
      first !== undefined || mayChange
        ? `${first?.next ?? show}; then slipway watch ${environment}${flags} judges it again`
        : `slipway watch ${environment} --sign-off 'YOUR NAME'${flags}`;
    const summary = `${failed}nobody knows: ${idsOf(unknown)} (${foundIn(unknown)})`;
    return { outcome: "paused", summary, next, result };
  }
  if (verdict === "fail") {
    const summary = `FAILED, for people to decide: ${idsOf(decidedBy)} (${foundIn(decidedBy)}); ${show}`;
    return { outcome: "done", summary, result };
  }
  const { length } = WINDOWS[window];
  const but = waived === 0 ? "" : `, ${waived} of them waived`;
  return {
    outcome: "done",
    summary: `the ${length} after it went live: ${evidence.length} ${evidence.length === 1 ? "check" : "checks"} passed${but}`,
    result,
  };
}

function isFeedback(check: string): boolean {
  return check === "validation.extended.user-feedback";
}

/** Their last parts, each once. */
function idsOf(evidence: readonly Evidence[]): string {
  return [...new Set(evidence.map(({ check }) => check.split(".").at(-1)))].join(", ");
}

function foundIn([first, ...rest]: readonly Evidence[]): string {
  const more = rest.length === 0 ? "" : `; and ${rest.length} more`;
  return first === undefined ? "there was nothing to judge" : `${first.found}${more}`;
}
