import type { Evidence } from "@slipway/contracts";
import type { StepContext, StepHandler } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
import { exchange } from "./adopt-step.ts";
import { frozenSince, withoutFreeze } from "./freeze-policy.ts";
import { removeRestored } from "./remove-restored.ts";
import { type RestoreDeps, restoreOf } from "./restore-deps.ts";
import { isRestoredTable } from "./restored-table-name.ts";
import { retirementTags } from "./retire-step.ts";
import { policyOnceBegun, settleWrites } from "./settled-freeze.ts";

/**
 * `data.thaw`, the way back: the table takes writes again, Terraform has it again, and what marked it as replaced goes. The writes first:
 * users wait for them. What was restored in a dry run is deleted; otherwise it stays, because somebody may want what is in it.
 */
export function thawStep(deps: RestoreDeps): StepHandler<"data.thaw"> {
  return async (context) => {
    const { plan, line } = context;
    const { restorer } = deps;
    const { table, restored, variable } = restoreOf(plan);
    const thawed = await thaw(deps, context);
    const isDryRun = plan.steps.some(({ kind }) => kind === "data.discard");
    if (isDryRun) {
      await removeRestored(deps, restored, line);
    }
    const mayBeAdopted = variable !== undefined && context.record.steps.has("data.adopt");
    const readopted = mayBeAdopted && (await readopt(deps, context));
    // Also where an attempt that was broken off has done it.
    const state = mayBeAdopted ? { stateSerial: await deps.adoption.serial() } : {};
    const unwatched = mayBeAdopted ? await lookAtAlarms(deps, context) : [];
    const isLeft = !isDryRun && (await restorer.state(restored)) !== "none";
    return {
      outcome: thawed || readopted || isLeft ? "done" : "nothing-to-do",
      summary: [
        thawed ? `${table} takes writes again` : `${table} was not frozen`,
        ...(readopted ? [`Terraform has ${table} again`] : []),
        ...unwatched,
        ...(isLeft ? [`${restored} is left behind, and costs money: look at it, then delete it`] : []),
      ].join("; "),
      result: { table, thawed, readopted, leftBehind: isLeft ? restored : null, ...state },
    };
  };
}

async function thaw({ freezer, settings, systemClock }: RestoreDeps, context: StepContext): Promise<boolean> {
  const { plan, record, line } = context;
  const { table } = restoreOf(plan);
  const marks = Object.values(retirementTags);
  const wasBegun = record.steps.has("data.freeze");
  // Before anything else is looked at, because users wait for it.
  const policy = wasBegun ? await policyOnceBegun({ freezer, systemClock }, table) : await freezer.policy(table);
  const isFrozen = policy !== undefined && frozenSince(policy.document) !== undefined;
  if (isFrozen) {
    const before = withoutFreeze(policy.document);
    await (before === null
      ? freezer.removePolicy(table, policy.revision)
      : freezer.putPolicy(table, before, policy.revision));
  }
  const left = policy === undefined ? null : withoutFreeze(policy.document);
  // A policy that denies writes by itself says nothing about the freeze.
  const denies = left !== null && /"Effect"\s*:\s*"Deny"/.test(left);
  if ((isFrozen || wasBegun) && !denies) {
    // Also where an attempt that was killed has lifted it: that one has not waited.
    await settleWrites({ freezer, systemClock }, table, "taken");
    line(`${table} takes writes again`);
  }
  const { tags } = await settings.read(table);
  const remove = marks.filter((mark) => mark in tags);
  if (remove.length > 0) {
    await settings.tag(table, { remove });
  }
  return isFrozen;
}

/**
 * Looks whether alarms watch the table that is in use again: those that Terraform has given to the restored one stay there, until its
 * infrastructure is planned again. Users have what they need by then, and so this stops nothing.
 *
 * @returns what people have to do about it
 */
async function lookAtAlarms({ alarms, clock, flags }: RestoreDeps, context: StepContext): Promise<readonly string[]> {
  const { plan, step, write } = context;
  const { table, restored } = restoreOf(plan);
  const next = `slipway rollback ${plan.environment} infrastructure${flags}`;
  let looked: Pick<Evidence, "status" | "found">;
  try {
    const [own, left] = [await alarms.watching(table), await alarms.watching(restored)];
    looked =
      left.length > 0
        ? { status: "fail", found: `${left.join(", ")} still watch ${restored}` }
        : { status: "pass", found: `${own.length} watch ${table}, none ${restored}` };
  } catch (error) {
    if (!(error instanceof ReleaseError)) {
      throw error;
    }
    looked = { status: "unknown", found: `${error.what}: ${error.why}` };
  }
  const isGood = looked.status === "pass";
  const common = { check: "restore.alarms", title: "Alarms watch the table that is in use again", subject: table };
  const at = new Date(clock.now()).toISOString();
  await write({ type: "evidence", step: step.id, evidence: [{ ...common, ...looked, ...(!isGood && { next }), at }] });
  if (isGood) {
    return [];
  }
  const what = looked.status === "fail" ? "NOT WATCHED" : "nobody knows what watches it";
  return [`${table}: ${what} (${looked.found}): ${next} gives it alarms, dashboard and configuration back`];
}

/** Terraform gets the table back, under the variables that it was planned with before. */
async function readopt(deps: RestoreDeps, context: StepContext): Promise<boolean> {
  const { plan } = context;
  const { table, restored, address, variable = "" } = restoreOf(plan);
  // A table that was itself restored once is still to be told.
  const before = isRestoredTable(table) ? { name: table } : null;
  const changed = await exchange(deps, context, {
    ...{ from: restored, to: table, address, variables: before === null ? {} : { [variable]: before } },
    before: () => deps.adoption.keepCopy(`${plan.release}-before-thaw`),
  });
  await deps.file.write(variable, before);
  return changed;
}
