import { findingName, stopsPlan } from "@slipway/analysis";
import type { Actor, ApprovalConfig, LedgerBodyOf, LedgerEntry, PlanSummary } from "@slipway/contracts";
import { LOOSENED } from "../policy/loosened-rules.ts";
import type { ApprovalSignatures } from "../ports/approval-signatures.ts";
import { approvalText } from "./approval-text.ts";
import { emailOf, isSamePerson } from "./same-person.ts";

/** How a plan stands with those who have to approve it. */
export interface ApprovalCount {
  /** Who counts, in their order. */
  readonly counted: readonly Actor[];
  /** Those of them whose signature was checked; all others are known by what their git says of them. */
  readonly signed: readonly Actor[];
  /** Who has approved and does not count, and why. */
  readonly ignored: readonly { readonly by: Actor; readonly why: string }[];
  readonly needed: number;
  /** Findings that stop the plan and that nobody who counts has accepted, as `id address`. */
  readonly notAccepted: readonly string[];
  /** What those who count have accepted. */
  readonly acceptedNames: ReadonlySet<string>;
  readonly isApproved: boolean;
}

/** Whose yes is asked for, and to what. */
export interface ApprovalQuestion {
  readonly summary: PlanSummary;
  readonly approvals: ApprovalConfig;
  readonly signatures?: ApprovalSignatures;
}

/**
 * Counts the approvals of a plan: those that were given for exactly its bytes, its commit and its state. Its authors do not count, and
 * nobody counts twice.
 *
 * @throws {ReleaseError} when a signature cannot be checked at all
 */
export async function countApprovals(
  entries: readonly LedgerEntry[],
  { summary, approvals, signatures }: ApprovalQuestion,
): Promise<ApprovalCount> {
  const counted: Actor[] = [];
  const signed: Actor[] = [];
  const ignored: { by: Actor; why: string }[] = [];
  const accepted = new Set<string>();
  const authors = authorsOf(entries, summary.release);
  const unknown = authorsUnknown(entries, summary.release);
  for (const { by, body } of entries) {
    if (body.type !== "approval.given") {
      continue;
    }
    const why =
      isFor(summary, body) ??
      unknown ??
      authorFault(by, authors) ??
      (await signatureFault(by, body, summary, approvals, signatures));
    if (why !== undefined) {
      ignored.push({ by, why });
      continue;
    }
    // Who comes a second time, to accept a finding by name, is still one person.
    if (!counted.some((other) => isSamePerson(by, other))) {
      counted.push(by);
    }
    if (approvals.signers !== undefined && !signed.some((other) => isSamePerson(by, other))) {
      signed.push(by);
    }
    for (const name of body.accepts) {
      accepted.add(name);
    }
  }
  const isLoosened = summary.findings.some(({ id }) => id === LOOSENED);
  const needed = summary.changed || isLoosened ? approvals.infrastructure : 0;
  const notAccepted = [...new Set(summary.findings.filter(stopsPlan).map(findingName))].filter(
    (name) => !accepted.has(name),
  );
  return {
    ...{ counted, signed, ignored, needed, notAccepted, acceptedNames: accepted },
    isApproved: counted.length >= needed && notAccepted.length === 0,
  };
}

/** Everybody who has a part in a release: who wrote its commits, who committed them, and who started it. */
export function authorsOf(entries: readonly LedgerEntry[], release: string | null): Actor[] {
  return entries.flatMap(({ by, body, release: of }) =>
    body.type === "release.started" && of === release ? [by, ...body.authors.map((name) => ({ name }))] : [],
  );
}

/** Why nobody's approval of a release counts: it could be one of its authors, because not all of them are known. */
export function authorsUnknown(entries: readonly LedgerEntry[], release: string | null): string | undefined {
  const started = entries.find(({ body, release: of }) => body.type === "release.started" && of === release);
  const why = started?.body.type === "release.started" ? started.body.authorsUnknown : undefined;
  return why === undefined
    ? undefined
    : `nobody knows who wrote all of what is released (${why}); slipway rollback ends this release, and one that is begun after that is mended knows it`;
}

/** Why somebody's approval of a release does not count, if they are one of its authors. */
export function authorFault(by: Actor, authors: readonly Actor[]): string | undefined {
  const author = authors.find((each) => isSamePerson(each, by));
  return author === undefined
    ? undefined
    : `${by.name} wrote or started what is released (${author.name}${author.principal === undefined ? "" : `, ${author.principal}`}): somebody else has to look at it`;
}

function isFor(summary: PlanSummary, body: LedgerBodyOf<"approval.given">): string | undefined {
  if (body.planDigest !== summary.planDigest) {
    return "it was given for another plan";
  }
  if (body.commit !== summary.source.commit) {
    return "it was given for another commit";
  }
  return body.stateSerial === summary.stateSerial ? undefined : "it was given for another serial of the state";
}

async function signatureFault(
  by: Actor,
  body: LedgerBodyOf<"approval.given">,
  { environment }: PlanSummary,
  { signers }: ApprovalConfig,
  signatures: ApprovalSignatures | undefined,
): Promise<string | undefined> {
  if (signers === undefined) {
    return undefined;
  }
  const identity = emailOf(by);
  if (signatures === undefined || body.signature === undefined || identity === undefined) {
    return body.signature === undefined
      ? `it is not signed, and ${signers} says who has to sign`
      : "nobody can check it";
  }
  const text = approvalText(environment, by.name, body);
  return signatures.verify({ text, signature: body.signature, identity });
}
