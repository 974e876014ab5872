import type { Evidence, StepKind, StepResult } from "@slipway/contracts";
import { givenWaivers } from "../ledger/given-waivers.ts";
import { assertSourceUnchanged } from "../release/assert-source-unchanged.ts";
import type { StepContext, StepEnd, StepHandler } from "../release/step-handler.ts";
import { waiveInRehearsal } from "../waive-in-rehearsal.ts";
import { type ChecklistCheck, checkId } from "./checklist-check.ts";
import { checklistChecks } from "./checklist-checks.ts";
import { type RunChecklistOptions, type RunChecklistPorts, runChecklist } from "./run-checklist.ts";

export interface ChecklistHandlerDeps {
  readonly ports: RunChecklistPorts;
  readonly options: Omit<RunChecklistOptions, "checks" | "signal">;
  /**
   * What stops the release. `production`: whatever failed, and whatever nobody knows, unless a later step of the release decides it.
   * `rehearsal`: whatever failed, lines left out that are about what other people have to do before production changes.
   */
  readonly policy: "production" | "rehearsal";
  /** All of the guide's, unless given. */
  readonly checks?: readonly ChecklistCheck[];
}

const MOST_NAMED = 4;

/**
 * Goes through the checklist as the first step of a release, and writes the evidence into the ledger. What nobody knows pauses the
 * release: somebody can find out, or answer for it, and resume.
 */
export function checklistHandler(deps: ChecklistHandlerDeps): StepHandler<"checklist"> {
  return async (context) => {
    // The evidence has to be about what is released.
    await assertSourceUnchanged(deps.ports.source, context, "the checklist is gone through", deps.options.flags);
    const { ports, options, policy, checks = checklistChecks } = deps;
    const entries = await ports.ledger.read(context.signal);
    const waivers = [...options.waivers, ...givenWaivers(entries, context.plan.release)];
    const looked = await runChecklist(ports, { ...options, checks, waivers, signal: context.signal });
    const evidence = policy === "rehearsal" ? looked.map((each) => waivedByRehearsal(each, checks)) : looked;
    await context.write({ type: "evidence", step: context.step.id, evidence });
    return endOf(evidence, deps, context);
  };
}

function endOf(
  evidence: readonly Evidence[],
  { policy, options }: ChecklistHandlerDeps,
  context: StepContext,
): StepEnd<"checklist"> {
  const count = (status: Evidence["status"]) => evidence.filter((each) => each.status === status).length;
  const result: StepResult<"checklist"> = {
    pass: count("pass"),
    fail: count("fail"),
    unknown: count("unknown"),
    waived: count("waived"),
  };
  const later = new Set<StepKind>(context.plan.steps.map(({ kind }) => kind));
  const isLater = ({ decidedIn }: Evidence) => later.has(decidedIn as StepKind);
  const bad = evidence.filter(({ status }) => status === "fail");
  const failed = bad.filter((each) => !isLater(each));
  if (failed.length > 0) {
    return {
      ...{ outcome: "failed", result, summary: `${failed.length} failed: ${named(failed)}` },
      next: `slipway checklist ${options.environment}${options.flags} says why; correct it, then deploy again`,
    };
  }
  const open = evidence.filter((each) => each.status === "unknown" && !isLater(each));
  if (policy === "production" && open.length > 0) {
    return {
      ...{ outcome: "paused", result, summary: `${open.length} not known: ${named(open)}` },
      next: `slipway checklist ${options.environment}${options.flags} says what to do; or answer for them with --waive CHECK[:SUBJECT] --reason WHY, then slipway resume ${options.environment}${options.flags}`,
    };
  }
  const parts = [
    `${result.pass} passed`,
    ...(result.waived > 0 ? [`${result.waived} waived`] : []),
    ...(bad.length > 0 ? [`${bad.length} for this release's own plan to decide`] : []),
    ...(result.unknown > 0 ? [`${result.unknown} not known yet`] : []),
  ];
  return { outcome: "done", result, summary: parts.join(", ") };
}

function waivedByRehearsal(evidence: Evidence, checks: readonly ChecklistCheck[]): Evidence {
  const reason = checks.find((each) => checkId(each) === evidence.check)?.notInRehearsal;
  return evidence.status !== "fail" || reason === undefined ? evidence : waiveInRehearsal(evidence, reason);
}

function named(evidence: readonly Evidence[]): string {
  const names = [...new Set(evidence.map(({ check }) => check.replace(/^checklist\./, "")))];
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}
