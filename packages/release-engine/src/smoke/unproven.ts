import type { EnvironmentConfig, StepResult } from "@slipway/contracts";
import { isWaiverAbout } from "../is-waiver-about.ts";
import type { Clock } from "../ports/clock.ts";
import type { StepContext, StepEnd } from "../release/step-handler.ts";
import { waive } from "../waive.ts";
import { UNPROVEN_FUNCTION } from "./unproven-function.ts";

/**
 * How the proof of a function ends that nothing proves: the release waits, because nothing is shifted before all is published and proven,
 * unless somebody answers for it in `release.waivers`. That is written down as evidence.
 */
export async function unproven(
  deps: {
    readonly clock: Clock;
    readonly environment: { readonly release: Pick<EnvironmentConfig["release"], "waivers"> };
    readonly flags: string;
  },
  context: StepContext,
  about: { readonly function: string; readonly why: string; readonly result: StepResult<"code.prove"> },
): Promise<StepEnd<"code.prove">> {
  const { function: subject, why, result } = about;
  const { environment } = context.plan;
  const at = new Date(deps.clock.now()).toISOString();
  const meant = deps.environment.release.waivers.filter((each) =>
    isWaiverAbout(each, { check: UNPROVEN_FUNCTION, subject }),
  );
  const waiver = meant.find(({ expires }) => at.slice(0, 10) <= expires);
  if (waiver === undefined) {
    const [expired] = meant;
    const but = expired === undefined ? "" : `; the waiver of ${expired.by} has expired on ${expired.expires}`;
    return {
      outcome: "paused",
      summary: `not proven: ${why}${but}; it has no traffic`,
      next: `add functions[].proof of ${subject} in slipway.config.ts, or answer for it in release.waivers (check ${UNPROVEN_FUNCTION}, subject ${subject}); then slipway rollback ${environment}${deps.flags}, and deploy again`,
      result,
    };
  }
  const { by, reason, expires } = waiver;
  const title = "Each function is proven before it has traffic";
  const evidence = waive({ check: UNPROVEN_FUNCTION, subject, title, status: "unknown", found: why, at }, waiver);
  await context.write({ type: "evidence", step: context.step.id, evidence: [evidence] });
  return {
    outcome: "nothing-to-do",
    summary: `not proven: ${why}; waived by ${by} until ${expires}: ${reason}`,
    result,
  };
}
