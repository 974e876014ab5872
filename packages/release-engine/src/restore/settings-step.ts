import type { DroppedSetting, TableSettings } from "../ports/table-restore.ts";
import type { StepContext, StepHandler } from "../release/step-handler.ts";
import { isStepDone } from "../release/step-result.ts";
import { countEvidence } from "./count-evidence.ts";
import { withoutFreeze } from "./freeze-policy.ts";
import { droppedSettings, isSameSetting, judgeSettings, settingName, wantedSettings } from "./judge-settings.ts";
import { type RestoreDeps, restoreOf } from "./restore-deps.ts";

/** `data.settings`: gives the restored table back what the restore has dropped, and compares what it has with the table before. */
export function settingsStep({ settings, alarms, clock }: RestoreDeps): StepHandler<"data.settings"> {
  return async (context) => {
    const { plan, step, line, signal, write } = context;
    const { table, restored } = restoreOf(plan);
    const before = await settings.read(table, signal);
    let present = await settings.read(restored, signal);
    const wanted = wantedSettings(before, policyBefore(context, before), present.arn);
    const missing = droppedSettings.filter((setting) => !isSameSetting(setting, wanted, present));
    for (const setting of missing) {
      line(`${restored}: ${settingName(setting)}`);
      await give(settings, restored, setting, wanted, present);
    }
    present = await settings.read(restored, signal);
    const watching = await alarms.watching(table, signal);
    const evidence = judgeSettings(wanted, present, {
      ...{ table: restored, from: table, at: new Date(clock.now()).toISOString() },
    });
    await write({ type: "evidence", step: step.id, evidence: [...evidence] });
    const names = missing.map(settingName);
    const result = { ...countEvidence(evidence), reapplied: names, alarms: [...watching] };
    const bad = evidence.filter(({ status }) => status === "fail");
    if (bad.length > 0) {
      return {
        outcome: "failed",
        summary: bad.map(({ title, found }) => `NOT the ${title.toLowerCase()}: ${found}`).join("; "),
        next: `give ${restored} what it lacks`,
        result,
      };
    }
    const unknown = evidence.flatMap(({ status, title }) => (status === "unknown" ? [title.toLowerCase()] : []));
    return {
      outcome: missing.length === 0 ? "nothing-to-do" : "done",
      summary: [
        `${result.pass} settings are those of ${table}`,
        ...(names.length === 0 ? [] : [`given back: ${names.join(", ")}`]),
        ...(unknown.length === 0 ? [] : [`NOT KNOWN: ${unknown.join(", ")}`]),
      ].join("; "),
      result,
    };
  };
}

async function give<K extends DroppedSetting>(
  store: RestoreDeps["settings"],
  table: string,
  setting: K,
  wanted: TableSettings,
  present: TableSettings,
): Promise<void> {
  if (setting !== "tags") {
    await store.set(table, setting, wanted[setting]);
    return;
  }
  const remove = Object.keys(present.tags).filter((key) => !(key in wanted.tags));
  await store.tag(table, { add: wanted.tags, ...(remove.length === 0 ? {} : { remove }) });
}

/** The table's own policy before it was frozen. */
function policyBefore({ plan, record, result }: StepContext, { policy }: TableSettings): string | null {
  const freeze = plan.steps.find(({ kind }) => kind === "data.freeze");
  if (freeze !== undefined && isStepDone(record, freeze.id)) {
    return result("data.freeze").policyBefore;
  }
  return policy === null ? null : withoutFreeze(policy);
}
