import { randomUUID } from "node:crypto";
import type { FlexibleTimeWindow } from "@aws-sdk/client-scheduler";
import type { InputOf, Operations } from "../../core/service.ts";
import { parseScheduleExpression } from "./expression/schedule-expression.ts";
import { isTimeZone } from "./expression/time-zone.ts";
import { checkName, pageOf } from "./request-members.ts";
import type { ScheduleRunner } from "./schedule-runner.ts";
import {
  DEFAULT_GROUP,
  invalid,
  requireGroup,
  requireSchedule,
  type Schedule,
  type SchedulerModule,
  type SchedulerState,
  scheduleArn,
  scheduleKey,
  schedulerError,
} from "./scheduler-state.ts";
import { checkTarget, describeTarget } from "./target.ts";

type ScheduleInput = InputOf<SchedulerModule, "CreateSchedule">;
type Settings = Omit<Schedule, "createdAt" | "modifiedAt" | "clientToken" | "anchor" | "seenUntil" | "incarnation">;

const LONGEST_DESCRIPTION = 512;
/** How long a beginning may be over when a schedule is made. */
const LATEST_START_MS = 5 * 60_000;

/** Schedules. */
export function scheduleOperations(
  state: SchedulerState,
  runner: Pick<ScheduleRunner, "arm" | "forget">,
): Pick<
  Operations<SchedulerModule>,
  "CreateSchedule" | "GetSchedule" | "UpdateSchedule" | "DeleteSchedule" | "ListSchedules"
> {
  const { core, schedules } = state;
  return {
    async CreateSchedule(input) {
      const name = checkName(input.Name);
      const group = requireGroup(state, input.GroupName).name;
      const key = scheduleKey(group, name);
      const arn = scheduleArn(core, group, name);
      if (isRepeated(schedules.get(key), input.ClientToken)) {
        return { ScheduleArn: arn };
      }
      const settings = await settingsOf(state, input, group);
      if (schedules.has(key)) {
        throw schedulerError("ConflictException", `Schedule ${name} already exists.`);
      }
      const now = core.clock.now();
      const schedule: Schedule = {
        ...settings,
        ...{ createdAt: now, modifiedAt: now, clientToken: input.ClientToken, incarnation: randomUUID() },
        ...beginning(settings, now),
      };
      schedules.put(key, schedule);
      runner.arm(key);
      return { ScheduleArn: arn };
    },

    GetSchedule: ({ Name, GroupName }) => describe(state, requireSchedule(state, GroupName, Name)),

    async UpdateSchedule(input) {
      const { group, name } = requireSchedule(state, input.GroupName, input.Name);
      const settings = await settingsOf(state, input, group);
      const before = requireSchedule(state, group, name);
      const now = core.clock.now();
      // Times of what it was before are not made up for.
      const from = isSameTiming(before, settings) ? { seenUntil: now } : beginning(settings, now);
      schedules.put(scheduleKey(group, name), { ...before, ...settings, modifiedAt: now, ...from });
      runner.arm(scheduleKey(group, name));
      return { ScheduleArn: scheduleArn(core, group, name) };
    },

    DeleteSchedule({ Name, GroupName }) {
      const { group, name } = requireSchedule(state, GroupName, Name);
      runner.forget(scheduleKey(group, name));
      return {};
    },

    ListSchedules({ GroupName, NamePrefix = "", State, ...paging }) {
      const prefix = GroupName === undefined ? "" : `${requireGroup(state, GroupName).name}/`;
      const found = schedules
        .values(prefix)
        .filter(({ name, state: stands }) => name.startsWith(NamePrefix) && (State === undefined || stands === State));
      const { items, NextToken } = pageOf(found, paging);
      return {
        Schedules: items.map((schedule) => {
          const { Arn, Name, GroupName, State, CreationDate, LastModificationDate } = describe(state, schedule);
          const Target = { Arn: schedule.target.arn };
          return { Arn, Name, GroupName, State, CreationDate, LastModificationDate, Target };
        }),
        NextToken,
      };
    },
  };
}

/** A request that was sent again because its answer was lost. */
function isRepeated(existing: Schedule | undefined, token: string | undefined): boolean {
  return existing !== undefined && token !== undefined && existing.clientToken === token;
}

/** A rate without a beginning runs at once; everything else at its next time. */
function beginning({ startDate }: Settings, now: number): Pick<Schedule, "anchor" | "seenUntil"> {
  return { anchor: startDate ?? now, seenUntil: now - 1 };
}

function isSameTiming(before: Schedule, after: Settings): boolean {
  return (
    before.expression === after.expression &&
    before.timeZone === after.timeZone &&
    before.startDate === after.startDate &&
    before.state === after.state
  );
}

/** @throws AwsError `ValidationException` */
async function settingsOf(state: SchedulerState, input: ScheduleInput, group: string): Promise<Settings> {
  const { Name = "", ScheduleExpression: expression = "", ScheduleExpressionTimezone: timeZone = "UTC" } = input;
  if (parseScheduleExpression(expression) === undefined) {
    throw invalid(`Invalid Schedule Expression ${expression}.`);
  }
  if (!isTimeZone(timeZone)) {
    throw invalid(`Invalid ScheduleExpressionTimezone ${timeZone}.`);
  }
  if (input.KmsKeyArn !== undefined) {
    throw invalid("Local AWS does not encrypt schedules with keys of their own: leave KmsKeyArn out.");
  }
  if ((input.Description?.length ?? 0) > LONGEST_DESCRIPTION) {
    throw invalid(`Description can have ${LONGEST_DESCRIPTION} characters.`);
  }
  const choices = {
    state: oneOf("state", input.State ?? "ENABLED", ["ENABLED", "DISABLED"]),
    actionAfterCompletion: oneOf("actionAfterCompletion", input.ActionAfterCompletion ?? "NONE", ["NONE", "DELETE"]),
  };
  return {
    ...{ name: Name, group, expression, timeZone, description: input.Description },
    ...choices,
    ...datesOf(state, input),
    flexibleTimeWindow: windowOf(input.FlexibleTimeWindow),
    target: await checkTarget(state, input.Target, group),
  };
}

function datesOf(
  { core }: SchedulerState,
  { StartDate, EndDate }: ScheduleInput,
): Pick<Settings, "startDate" | "endDate"> {
  const [startDate, endDate] = [StartDate?.getTime(), EndDate?.getTime()];
  const now = core.clock.now();
  if (startDate !== undefined && startDate < now - LATEST_START_MS) {
    throw invalid("The StartDate you specify cannot be earlier than 5 minutes ago.");
  }
  if (endDate !== undefined && endDate <= (startDate ?? now)) {
    throw invalid("The EndDate you specify must be later than the StartDate and than now.");
  }
  return { startDate, endDate };
}

/** The target may be called at any time of the window, so at its beginning. */
function windowOf(window: FlexibleTimeWindow | undefined): FlexibleTimeWindow {
  const { Mode, MaximumWindowInMinutes: minutes } = window ?? {};
  const mode = oneOf("flexibleTimeWindow.mode", Mode ?? "", ["OFF", "FLEXIBLE"]);
  if (mode === "OFF" ? minutes !== undefined : minutes === undefined || minutes < 1 || minutes > 1440) {
    throw invalid("MaximumWindowInMinutes is for the mode FLEXIBLE, and then from 1 to 1440.");
  }
  return { Mode: mode, ...(minutes === undefined ? {} : { MaximumWindowInMinutes: minutes }) };
}

function oneOf<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const choice = choices.find((each) => each === value);
  if (choice === undefined) {
    throw invalid(
      `1 validation error detected: Value '${value}' at '${name}' failed to satisfy constraint: Member must satisfy enum value set: [${choices.join(", ")}]`,
    );
  }
  return choice;
}

function describe({ core }: SchedulerState, schedule: Schedule) {
  const { group, name, startDate, endDate } = schedule;
  return {
    Arn: scheduleArn(core, group, name),
    GroupName: group || DEFAULT_GROUP,
    Name: name,
    ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: schedule.timeZone,
    State: schedule.state,
    Description: schedule.description,
    StartDate: startDate === undefined ? undefined : new Date(startDate),
    EndDate: endDate === undefined ? undefined : new Date(endDate),
    CreationDate: new Date(schedule.createdAt),
    LastModificationDate: new Date(schedule.modifiedAt),
    FlexibleTimeWindow: schedule.flexibleTimeWindow,
    ActionAfterCompletion: schedule.actionAfterCompletion,
    Target: describeTarget(schedule.target),
  };
}
