import { matchesGlob } from "@slipway/analysis";
import type { ValidationAlarm } from "@slipway/contracts";
import { isNotAboutReleases, NO_RELEASE_TO_BLAME } from "../../monitoring/not-about-releases.ts";
import {
  type CheckContext,
  type CheckFinding,
  momentText,
  unmeasured,
  type ValidationCheck,
} from "../validation-check.ts";

/**
 * Every alarm exists, tells somebody, is quiet, and goes off when it should: tried out where that wakes nobody. One that rings for what no
 * release is to blame for functions, and need not be quiet.
 */
export const alarmsFunctioning: ValidationCheck = {
  window: "extended",
  name: "alarms-functioning",
  title: "All monitoring alerts are functioning",
  judge(context) {
    const alarms = unmeasured(context.measurements.alarms ?? { unknown: "they were not looked at" });
    if ("findings" in alarms) {
      return alarms.findings;
    }
    if (alarms.value.length === 0) {
      return [
        { status: "fail", found: "the environment has no alarm", next: "add alarms to its Terraform configuration" },
      ];
    }
    // An alarm without an action of its own speaks through the composite alarm that looks at it.
    const heard = new Set(
      alarms.value.flatMap(({ observed }) =>
        (observed?.alarmActions.length ?? 0) > 0 ? (observed?.children ?? []) : [],
      ),
    );
    return alarms.value.map((alarm) => judgeAlarm(context, alarm, heard));
  },
};

function judgeAlarm(
  { measurements, config, flags }: CheckContext,
  { name: subject, observed, lastTransition, drill }: ValidationAlarm,
  heard: ReadonlySet<string>,
): CheckFinding {
  const next = `slipway alarms ${measurements.environment}${flags}`;
  if (observed === null) {
    return {
      subject,
      status: "fail",
      found: "there is no such alarm",
      next: "apply the infrastructure: it is what makes it",
    };
  }
  const { state, reason, since, actionsEnabled, alarmActions } = observed;
  const last = lastTransition === null ? "" : `; ${lastTransition.summary}, ${momentText(lastTransition.at)}`;
  const now = `${state} since ${momentText(since)}${last}`;
  if (!actionsEnabled) {
    return { subject, status: "fail", found: `its actions are off; ${now}`, next };
  }
  if (alarmActions.length === 0 && !heard.has(subject)) {
    const found = `it tells nobody, and no composite alarm that does looks at it; ${now}`;
    return { subject, status: "fail", found, next: "give it an action, or let a composite alarm speak for it" };
  }
  const rings = state === "ALARM" ? `${now}: ${reason}` : undefined;
  if (rings !== undefined && !isNotAboutReleases(subject, config)) {
    return { subject, status: "fail", found: rings, next };
  }
  const excused = rings === undefined ? undefined : `${rings}; ${NO_RELEASE_TO_BLAME}`;
  if (drill === null) {
    // Without data it has never been seen to judge anything.
    const isExpected = config.alarmsWithoutData.some((glob) => matchesGlob(glob, subject));
    return state === "INSUFFICIENT_DATA" && !isExpected
      ? { subject, status: "unknown", found: `${now}: it has had nothing to judge`, next }
      : { subject, status: "pass", found: excused ?? now };
  }
  const drilled = unmeasured(drill, subject);
  if ("findings" in drilled) {
    return drilled.findings[0] as CheckFinding;
  }
  const { goesOff, recovers, actions } = drilled.value;
  const found = excused === undefined ? drilled.value.found : `${excused}; ${drilled.value.found}`;
  const failed = actions.filter(({ succeeded }) => !succeeded);
  if (goesOff && recovers && failed.length === 0) {
    return { subject, status: "pass", found };
  }
  const problems = [
    ...(goesOff ? [] : ["it does not go off"]),
    ...(recovers ? [] : ["it does not recover"]),
    ...failed.map(({ action, detail }) => `${action} was not told${detail === undefined ? "" : ` (${detail})`}`),
  ];
  return { subject, status: "fail", found: `${problems.join("; ")}: ${found}`, next };
}
