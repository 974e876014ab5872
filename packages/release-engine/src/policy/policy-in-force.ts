import type { AcceptedFinding, ApprovalConfig, InfrastructureFinding, LedgerEntry } from "@slipway/contracts";
import { releases } from "../ledger/releases.ts";
import type { ApprovalSignatures } from "../ports/approval-signatures.ts";
import { releaseWithTraffic } from "../release/standing-releases.ts";
import { ReleaseError } from "../release-error.ts";
import { loosenedRules } from "./loosened-rules.ts";
import type { AllowedSigners, ReleaseRules } from "./release-rules.ts";
import { whoseRules } from "./whose-rules.ts";

/** The rules that a release has to go by. */
export interface PolicyInForce {
  readonly reviewers: number;
  readonly approvals: ApprovalConfig;
  /** Needed where `approvals.signers` is set: by the file that is in force. */
  readonly signatures?: ApprovalSignatures;
  readonly isProtected: boolean;
  /** Whose rules they are, in words. */
  readonly because: string;
  /** What the release would loosen. */
  readonly loosened: readonly InfrastructureFinding[];
  /** Findings that what runs accepts; absent where the release's own word counts. */
  readonly accepted?: readonly AcceptedFinding[];
  /** Why nobody can tell which rules are in force; those above are the release's own then, and nothing passes by them. */
  readonly unknown?: Pick<ReleaseError, "what" | "why" | "next">;
}

/** Where rules are read. */
export interface PolicyPorts {
  /** Those that are checked out. */
  own(): Promise<ReleaseRules>;
  /**
   * Those of a commit; undefined where it does not have the environment.
   *
   * @throws {ReleaseError} when it is not in the clone, or cannot be read
   */
  at(commit: string, signal?: AbortSignal): Promise<ReleaseRules | undefined>;
  /** Checks signatures by a file of allowed signers. */
  signaturesBy(signers: AllowedSigners): ApprovalSignatures;
}

/**
 * Which rules a release goes by: those of the commit that has the traffic now. Whoever changes the rules in what is to be released cannot
 * make it easier for this very change. Where both ask for a number of people, the larger one counts. A rollback that has the traffic has
 * brought no rules with it, and neither has putting a live release back: those of the release that it was made from, or that was put back,
 * count (`whoseRules`).
 *
 * @throws {ReleaseError} when not even the own rules can be read; `interrupted`
 */
export async function policyInForce(
  ports: PolicyPorts,
  entries: readonly LedgerEntry[],
  signal?: AbortSignal,
): Promise<PolicyInForce> {
  const own = await ports.own();
  const records = releases(entries);
  const current = releaseWithTraffic(records);
  if (current === undefined) {
    return inForce(ports, own, own, { because: "its own rules, because nothing was released before", loosened: [] });
  }
  const ruling = whoseRules(records, current);
  const rollback =
    ruling.id === current.id
      ? ""
      : current.plan.rollsBack === undefined
        ? `, which was live and was put back to ${current.id}`
        : `, before the rollback ${current.id}`;
  const { commit } = ruling.plan.source;
  if (commit === null) {
    const because = `its own rules, because ${ruling.id}${rollback}, which has the traffic, was made without a commit`;
    return inForce(ports, own, own, { because, loosened: [] });
  }
  const name = `${ruling.id} (${commit.slice(0, 12)})${rollback}`;
  let old: ReleaseRules | undefined;
  try {
    old = await ports.at(commit, signal);
  } catch (error) {
    if (!(error instanceof ReleaseError) || error.kind === "interrupted") {
      throw error;
    }
    const { what, why, next } = error;
    const unknown = {
      what: `The rules of ${name}, which has the traffic, cannot be read`,
      why: `${what}: ${why}`,
      next,
    };
    return inForce(ports, own, own, { because: `nobody knows the rules of ${name}`, loosened: [], unknown });
  }
  if (old === undefined) {
    const because = `its own rules, because the commit of ${name} does not have this environment`;
    return inForce(ports, own, own, { because, loosened: [] });
  }
  const because = `the rules of ${name}, which has the traffic`;
  return inForce(ports, old, own, { because, loosened: loosenedRules(old, own, name), accepted: old.accepted });
}

function inForce(
  { signaturesBy }: PolicyPorts,
  rules: ReleaseRules,
  own: ReleaseRules,
  facts: Pick<PolicyInForce, "because" | "loosened" | "accepted" | "unknown">,
): PolicyInForce {
  const signers = rules.signers ?? own.signers;
  const infrastructure = Math.max(rules.approvals, own.approvals);
  return {
    reviewers: Math.max(rules.reviewers, own.reviewers),
    approvals: { infrastructure, ...(signers === undefined ? {} : { signers: signers.name }) },
    ...(signers === undefined ? {} : { signatures: signaturesBy(signers) }),
    isProtected: rules.isProtected || own.isProtected,
    ...facts,
  };
}
