import type { EnvironmentConfig, Evidence, LedgerEntry, StepResult } from "@slipway/contracts";
import { applyWaivers } from "../apply-waivers.ts";
import { givenWaivers } from "../ledger/given-waivers.ts";
import type { Clock } from "../ports/clock.ts";
import type { StepContext, StepEnd } from "../release/step-handler.ts";
import { waiveInRehearsal } from "../waive-in-rehearsal.ts";
import { UNPROVEN_FUNCTION } from "./unproven-function.ts";

/**
 * How the proof of a function ends that nothing proves: the release waits, because nothing is shifted before all is published and proven,
 * unless somebody answers for it, in `release.waivers` or by `--waive`. That is written down as evidence. A rehearsal, alone with its local
 * AWS, says so and goes on.
 */
export async function unproven(
  deps: {
    readonly clock: Clock;
    readonly environment: { readonly release: Pick<EnvironmentConfig["release"], "waivers"> };
    readonly flags: string;
    readonly whenUnproven?: "pause" | "go-on";
    readEntries(): Promise<readonly LedgerEntry[]>;
  },
  context: StepContext,
  about: { readonly function: string; readonly why: string; readonly result: StepResult<"code.prove"> },
): Promise<StepEnd<"code.prove">> {
  const { function: subject, why, result } = about;
  const { environment, release } = context.plan;
  const at = new Date(deps.clock.now()).toISOString();
  const title = "Each function is proven before it has traffic";
  const open: Evidence = { check: UNPROVEN_FUNCTION, subject, title, status: "unknown", found: why, at };
  const waivers = [...deps.environment.release.waivers, ...givenWaivers(await deps.readEntries(), release)];
  const [asked = open] = applyWaivers([open], waivers, at.slice(0, 10));
  const evidence =
    asked.status !== "waived" && deps.whenUnproven === "go-on"
      ? waiveInRehearsal(asked, "a rehearsal is alone with its local AWS; a release to AWS would wait")
      : asked;
  const { waiver } = evidence;
  if (waiver === undefined) {
    return {
      outcome: "paused",
      summary: `not proven: ${evidence.found.replaceAll("\n", "; ")}; it has no traffic`,
      next: `slipway resume ${environment}${deps.flags} --waive ${UNPROVEN_FUNCTION}:${subject} --reason WHY answers for it; or add functions[].proof of ${subject} in slipway.config.ts, then slipway rollback ${environment}${deps.flags}, and deploy again`,
      result,
    };
  }
  await context.write({ type: "evidence", step: context.step.id, evidence: [evidence] });
  return {
    outcome: "nothing-to-do",
    summary: `not proven: ${why}; waived by ${waiver.by} until ${waiver.expires}: ${waiver.reason}`,
    result,
  };
}
