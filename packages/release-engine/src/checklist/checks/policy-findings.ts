import { stopsPlan } from "@slipway/analysis";
import type { InfrastructureFinding } from "@slipway/contracts";
import type { ChecklistFinding } from "../checklist-check.ts";
import type { ChecklistFacts } from "../checklist-facts.ts";

const MOST_SHOWN = 5;

/** `iam.pass-role module.roles.aws_iam_role_policy.this (Deploy): why`. */
export function findingText({ id, address, statement, reason }: InfrastructureFinding): string {
  return `${id} ${address}${statement === undefined ? "" : ` (${statement})`}: ${reason}`;
}

/**
 * What the infrastructure policy says about one matter: of the plan that is to be applied where there is one, otherwise of what is
 * deployed. Before the first plan nothing can be said, and the release's own plan decides.
 *
 * @param isAbout by the id of a finding
 * @param good what is said where nothing is found
 */
export async function judgeByPolicy(
  facts: ChecklistFacts,
  isAbout: (id: string) => boolean,
  good: string,
): Promise<ChecklistFinding> {
  const plan = await facts.plan();
  const isPlanned = plan?.summary.changed === true;
  const all = isPlanned ? plan.summary.findings : await facts.findings();
  const { environment, flags } = facts.subject;
  if (all === undefined) {
    return {
      ...{ status: "unknown", found: "nothing is deployed and nothing planned yet" },
      ...{ next: `slipway plan ${environment}${flags}`, decidedIn: "infrastructure.plan" },
    };
  }
  const where = isPlanned ? "in what is planned" : "in what is deployed";
  const own = all.filter(({ id }) => isAbout(id));
  const accepted = own.filter(({ status }) => status === "waived").length;
  const known = accepted === 0 ? "" : `; ${accepted} accepted in slipway.config.ts`;
  const open = own.filter(({ status }) => status !== "waived");
  const [first] = open;
  const omitted = isPlanned ? plan.summary.omittedFindings : 0;
  if (first === undefined && omitted > 0) {
    const found = `nothing found ${where}, but the plan's summary leaves ${omitted} findings out`;
    const next = `slipway plan ${environment}${flags}`;
    return { status: "unknown", found, next, decidedIn: "infrastructure.validate" };
  }
  if (first === undefined) {
    return { status: "pass", found: `${good} ${where}${known}` };
  }
  const failed = open.filter(({ status }) => status === "fail");
  const shown = (failed.length > 0 ? failed : open).slice(0, MOST_SHOWN);
  const rest = open.length - shown.length;
  return {
    status: failed.length > 0 ? "fail" : "unknown",
    found: [
      `${open.length} finding${open.length === 1 ? "" : "s"} ${where}${known}`,
      ...shown.map(findingText),
      ...(rest > 0 ? [`and ${rest} more`] : []),
    ].join("\n"),
    next: (failed[0] ?? first).next,
    ...(failed.length === 0 ? { decidedIn: "infrastructure.validate" as const } : {}),
    // What the gate stops, too, is accepted there, for the release's own plan.
    ...(isPlanned && failed.length > 0 && failed.every(stopsPlan)
      ? { decidedIn: "infrastructure.approve" as const }
      : {}),
  };
}
