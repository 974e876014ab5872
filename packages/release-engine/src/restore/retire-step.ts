import type { Evidence } from "@slipway/contracts";
import type { StepContext, StepHandler } from "../release/step-handler.ts";
import { isStepDone } from "../release/step-result.ts";
import { countEvidence } from "./count-evidence.ts";
import { type RestoreDeps, restoredVariables, restoreOf, variableOf } from "./restore-deps.ts";

/** Tags of a table that another one has taken the place of. */
export const retirementTags = { keepUntil: "slipway:keep-until", replacedBy: "slipway:replaced-by" } as const;

/**
 * `data.retire`: keeps the table before as the way back, protected against deletion and marked with the day until which it is kept; looks
 * whether the alarms have followed; and says for how long no writes were taken.
 */
export function retireStep({ settings, alarms, file, clock }: RestoreDeps): StepHandler<"data.retire"> {
  return async (context) => {
    const { plan, step, record, signal, line, write, result } = context;
    const restore = restoreOf(plan);
    const { table, restored, keepUntil } = restore;
    const present = await settings.read(table, signal);
    if (!present.deletionProtection) {
      await settings.set(table, "deletionProtection", true);
    }
    const tags = { [retirementTags.keepUntil]: keepUntil, [retirementTags.replacedBy]: restored };
    if (Object.entries(tags).some(([key, value]) => present.tags[key] !== value)) {
      await settings.tag(table, { add: tags });
    }
    const variable = variableOf(restore);
    const { path, isForCommit } = await file.write(variable, restoredVariables(plan)[variable] ?? null);
    line(`which table is in use is in ${path}; without it, the next plan would want ${table} back`);

    const [before, left, now] = [
      result("data.settings").alarms,
      await alarms.watching(table, signal),
      await alarms.watching(restored, signal),
    ];
    const isFollowed = left.length === 0 && before.every((name) => now.includes(name));
    const missing = [...new Set([...left, ...before.filter((name) => !now.includes(name))])];
    const evidence: Evidence[] = [
      {
        ...{ check: "restore.alarms", title: "Alarms watch the restored table", subject: restored },
        status: isFollowed ? "pass" : "fail",
        found: isFollowed ? `${now.length} watch ${restored}, none ${table}` : `not: ${missing.join(", ")}`,
        ...(isFollowed ? {} : { next: `slipway alarms ${plan.environment}` }),
        at: new Date(clock.now()).toISOString(),
      },
    ];
    await write({ type: "evidence", step: step.id, evidence });
    const writesStoppedMs = downtime(context);
    const facts = { ...countEvidence(evidence), table, keepUntil, writesStoppedMs };
    if (!isFollowed) {
      const summary = `alarms do not watch ${restored}: ${missing.join(", ")}`;
      return { outcome: "failed", summary, next: `slipway alarms ${plan.environment}`, result: facts };
    }
    const stopped =
      writesStoppedMs === null
        ? "writes were not stopped"
        : `no writes were taken for ${seconds(writesStoppedMs)}, from the freeze until ${record.liveAt}`;
    return {
      outcome: "done",
      summary: `${stopped}; ${table} is kept until ${keepUntil}${writesStoppedMs === null ? "" : " and stays frozen"}${isForCommit ? `; COMMIT ${path}` : ""}`,
      result: facts,
    };
  };
}

/** From the freeze until the versions that use the restored table had the traffic. */
function downtime({ plan, record, result }: StepContext): number | null {
  const freeze = plan.steps.find(({ kind }) => kind === "data.freeze");
  if (freeze === undefined || !isStepDone(record, freeze.id) || record.liveAt === undefined) {
    return null;
  }
  return Math.max(0, Date.parse(record.liveAt) - Date.parse(result("data.freeze").since));
}

function seconds(ms: number): string {
  const whole = Math.round(ms / 1000);
  return whole < 120 ? `${whole} s` : `${Math.round(whole / 60)} min (${whole} s)`;
}
