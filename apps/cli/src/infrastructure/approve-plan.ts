import { resolve } from "node:path";
import { findingName, stopsPlan } from "@slipway/analysis";
import { signApproval } from "@slipway/aws";
import type { Actor, InfrastructureFinding, LedgerBodyOf, LedgerEntry, PlanSummary } from "@slipway/contracts";
import {
  type ApprovalCount,
  approvalText,
  authorFault,
  authorsOf,
  authorsUnknown,
  countApprovals,
  type Ledger,
  lastPlan,
  type PolicyInForce,
  type Redactor,
  releases,
} from "@slipway/release-engine";
import type { CommandIo } from "../command.ts";
import { wrapText } from "../costs/wrap-text.ts";
import { FailedWith } from "../failed-with.ts";
import { thisActor } from "../release/this-actor.ts";
import { escapeControls } from "../terminal/escape-controls.ts";
import { UserError } from "../user-error.ts";
import { count } from "./plan-report.ts";
import { renderPlanSummary } from "./render-plan-summary.ts";

/** Where a plan waits. */
export interface ApprovalPlace {
  readonly ledger: Pick<Ledger, "read" | "append">;
  readonly redactor: Redactor;
  /** Absolute path. */
  readonly repository: string;
  readonly environment: string;
  /** The rules that are in force: those of what has the traffic. */
  policy(entries: readonly LedgerEntry[], signal: AbortSignal): Promise<PolicyInForce>;
  /** `AWS`. */
  readonly where: string;
  /** Flags for commands to type next. */
  readonly flags: string;
  /** ARN of who AWS sees, where that tells people apart. */
  readonly principal?: () => Promise<string>;
}

/** What was typed. */
export interface AskedApproval {
  readonly plan?: string;
  readonly accept?: readonly string[];
  readonly comment?: string;
  readonly sign?: string;
}

const LEAST_DIGITS = 12;
const NOT_GIVEN = 1;

/**
 * Shows the plan that a release waits with, asks, and writes the yes down.
 *
 * @returns the exit code: 0 when the yes is in the ledger, 1 when nothing was said
 * @throws UserError when no plan waits, the author asks, or what was typed fits no finding
 */
export async function approvePlan(
  place: ApprovalPlace,
  asked: AskedApproval,
  { io, output }: { readonly io: CommandIo; readonly output: "text" | "json" },
): Promise<number> {
  const { ledger, environment, repository, redactor } = place;
  const entries = await ledger.read(io.signal);
  const summary = waitingPlan(place, entries);
  assertDigest(asked.plan, summary, place);
  const { principal } = place;
  const actor = await thisActor({ repository, env: io.env, ...(principal === undefined ? {} : { principal }) });
  const fault = authorFault(actor, authorsOf(entries, summary.release));
  if (fault !== undefined) {
    throw new UserError(`Refused: ${fault}. Ask a colleague to type: slipway approve ${environment}${place.flags}`);
  }
  const unknownAuthors = authorsUnknown(entries, summary.release);
  if (unknownAuthors !== undefined) {
    throw new UserError(`Refused: ${unknownAuthors}.`);
  }
  const settled = settledFindings(entries, summary);
  const { approvals, unknown, because } = await place.policy(entries, io.signal);
  if (unknown !== undefined) {
    throw new UserError(
      `${unknown.what}: ${unknown.why}. Nobody can tell whose approval counts. Next: ${unknown.next}`,
    );
  }
  if (approvals.signers !== undefined && asked.sign === undefined) {
    throw new UserError(
      `--sign: is missing. release.approvals.signers (${approvals.signers}, by ${because}) lets only signed approvals count: add --sign ~/.ssh/KEY.`,
    );
  }
  if (output === "text") {
    io.stdout.write(renderPlanSummary(summary, place.where, io.columns));
    io.stdout.write(settledText(settled, io.columns));
  }
  const accepts = acceptedNames(asked.accept ?? [], summary, settled, place);
  if (!(await saysYes(asked, summary, accepts, io))) {
    throw new FailedWith(NOT_GIVEN, new UserError("nothing was approved."));
  }
  // What is redacted in the ledger would not fit its signature any more.
  const comment = asked.comment === undefined ? {} : { comment: redactor.text(asked.comment) };
  const { planDigest, stateSerial } = summary;
  const body = { planDigest, commit: summary.source.commit, stateSerial, accepts, ...comment };
  const signature =
    asked.sign === undefined
      ? {}
      : { signature: await signApproval(approvalText(environment, actor.name, body), keyPath(asked.sign, io), io.env) };
  const approval: LedgerBodyOf<"approval.given"> = { type: "approval.given", ...body, ...signature };
  await ledger.append({ by: actor, release: summary.release, body: approval });
  const result = await countAgain(place, summary, io);
  io.stdout.write(
    output === "json"
      ? `${JSON.stringify({ version: 1, environment, target: place.where, release: summary.release, by: actor, approval, ...shownCount(result) })}\n`
      : `\n${outcome(place, summary, actor, result, io.columns)}`,
  );
  return 0;
}

function waitingPlan({ environment, flags }: ApprovalPlace, entries: readonly LedgerEntry[]): PlanSummary {
  const current = releases(entries).at(-1);
  const summary = current === undefined ? undefined : lastPlan(entries, current.id);
  if (current === undefined || summary === undefined || !["running", "paused"].includes(current.state)) {
    const found =
      current === undefined
        ? "has had no release yet"
        : `has no release that waits: ${current.id} is ${current.state === "running" ? "running, and has no plan yet" : current.state}`;
    throw new UserError(
      `There is nothing to approve: ${environment} ${found}. A release plans first: slipway deploy ${environment}${flags}`,
    );
  }
  return summary;
}

function assertDigest(
  digest: string | undefined,
  { planDigest }: PlanSummary,
  { environment, flags }: ApprovalPlace,
): void {
  if (digest === undefined) {
    return;
  }
  if (!/^[0-9a-f]+$/.test(digest) || digest.length < LEAST_DIGITS) {
    throw new UserError(
      `--plan: '${digest}' is no digest of a plan. Expected its first ${LEAST_DIGITS} digits at least.`,
    );
  }
  if (!planDigest.startsWith(digest)) {
    throw new UserError(
      `--plan: the plan that waits is ${planDigest.slice(0, LEAST_DIGITS)}, another one than ${digest.slice(0, LEAST_DIGITS)}. Look at it first: slipway approve ${environment}${flags}`,
    );
  }
}

/** What only the apply could tell, and what waits for a person now. */
function settledFindings(
  entries: readonly LedgerEntry[],
  { planDigest }: PlanSummary,
): readonly InfrastructureFinding[] {
  const entry = entries.findLast(({ body }) => body.type === "plan.settled" && body.planDigest === planDigest);
  return entry?.body.type === "plan.settled" ? entry.body.findings.filter(({ severity }) => severity === "high") : [];
}

/** Pairs of id and address, each of which has to be there: a yes to something else than what was found is a mistake. */
function acceptedNames(
  words: readonly string[],
  { findings }: PlanSummary,
  settled: readonly InfrastructureFinding[],
  { environment, flags }: ApprovalPlace,
): string[] {
  const names = [...new Set([...findings.filter(stopsPlan), ...settled].map(findingName))];
  const given: string[] = [];
  for (let index = 0; index < words.length; index += 2) {
    const [id = "", address] = words.slice(index, index + 2);
    if (address === undefined) {
      throw new UserError(
        `--accept: '${id}' stands alone. Expected an id and an address, such as --accept plan.replace-stateful aws_dynamodb_table.items; --accept comes after the environment.`,
      );
    }
    const name = `${id} ${address}`;
    if (!names.includes(name)) {
      const known = names.length === 0 ? "nothing stops this plan" : `it is stopped by ${names.join(", ")}`;
      throw new UserError(`--accept: there is no '${name}'; ${known}.`);
    }
    given.push(name);
  }
  const missing = names.filter((name) => !given.includes(name));
  if (missing.length > 0 && missing.length === names.length) {
    const accept = missing.map((name) => ` --accept ${quoted(name)}`).join("");
    throw new UserError(
      `The plan is stopped by ${count(missing.length, "finding")}, and a yes has to accept them by name:\n  slipway approve ${environment}${flags}${accept}`,
    );
  }
  return given;
}

/** `id 'address'`: an address may have brackets and quotation marks, which a shell would read. */
function quoted(name: string): string {
  const [id = "", ...address] = name.split(" ");
  return `${id} '${address.join(" ").replaceAll("'", "'\\''")}'`;
}

async function saysYes(
  asked: AskedApproval,
  { planDigest, environment }: PlanSummary,
  accepts: readonly string[],
  io: CommandIo,
): Promise<boolean> {
  // Who types the digest has seen it.
  if (asked.plan !== undefined) {
    return true;
  }
  if (io.ask === undefined) {
    throw new UserError(
      `Nobody is there to be asked. Where that is meant, say which plan: --plan ${planDigest.slice(0, LEAST_DIGITS)}`,
    );
  }
  const also = accepts.length === 0 ? "" : `, and accept ${accepts.join(", ")}`;
  const answer = await io.ask(
    escapeControls(`Approve the plan ${planDigest.slice(0, LEAST_DIGITS)} of ${environment}${also}? Type yes: `),
  );
  return answer?.trim().toLowerCase() === "yes";
}

function keyPath(key: string, { cwd, env }: CommandIo): string {
  return key.startsWith("~/") ? `${env.HOME ?? "~"}${key.slice(1)}` : resolve(cwd, key);
}

async function countAgain(
  { ledger, policy }: ApprovalPlace,
  summary: PlanSummary,
  io: CommandIo,
): Promise<ApprovalCount> {
  const entries = await ledger.read(io.signal);
  const { approvals, signatures } = await policy(entries, io.signal);
  return countApprovals(entries, { summary, approvals, ...(signatures && { signatures }) });
}

function shownCount({ counted, needed, ignored, notAccepted, isApproved }: ApprovalCount) {
  return { counted, needed, ignored, notAccepted, isApproved };
}

function settledText(settled: readonly InfrastructureFinding[], columns: number): string {
  return settled.length === 0
    ? ""
    : [
        "",
        "Found after the apply",
        ...settled.flatMap((each) => [
          ...wrapText(findingName(each), columns, "  "),
          ...wrapText(each.reason, columns, "    "),
        ]),
      ]
        .map((line) => `${escapeControls(line)}\n`)
        .join("");
}

function outcome(
  { environment, flags }: ApprovalPlace,
  { planDigest }: PlanSummary,
  actor: Actor,
  { counted, needed, notAccepted, ignored, isApproved }: ApprovalCount,
  columns: number,
): string {
  const own = ignored.filter(({ by }) => by.name === actor.name).at(-1);
  const counts = counted.some(({ name }) => name === actor.name);
  const lines = [
    `${actor.name} has approved the plan ${planDigest.slice(0, LEAST_DIGITS)} of ${environment}.`,
    ...(own === undefined || counts ? [] : [`It does not count: ${own.why}.`]),
    isApproved
      ? `${count(counted.length, "approval")}, ${needed} needed. Next: slipway resume ${environment}${flags}`
      : `Still missing: ${[
          ...(counted.length >= needed ? [] : [`${counted.length} of ${needed} approvals`]),
          ...(notAccepted.length === 0 ? [] : [`a yes by name to ${notAccepted.join(", ")}`]),
        ].join("; ")}.`,
  ];
  return lines
    .flatMap((line) => wrapText(line, columns, ""))
    .map((line) => `${escapeControls(line)}\n`)
    .join("");
}
