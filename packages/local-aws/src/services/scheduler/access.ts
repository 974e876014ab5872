import type { AccessNeed, AccessNeeds, ConditionValues } from "../../core/access.ts";
import { requestTagConditions, resourceTagConditions } from "../../core/tag-conditions.ts";
import { SCHEDULER_PRINCIPAL } from "./execution-role.ts";
import {
  DEFAULT_GROUP,
  findGroup,
  groupArn,
  type SchedulerModule,
  type SchedulerState,
  scheduleArn,
} from "./scheduler-state.ts";

interface OnSchedule {
  readonly Name?: string | undefined;
  readonly GroupName?: string | undefined;
  readonly Target?: { readonly RoleArn?: string | undefined } | undefined;
}

/**
 * The permissions of EventBridge Scheduler. Who deletes a group deletes the schedules in it.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
 */
export function schedulerAccess(state: SchedulerState): AccessNeeds<SchedulerModule> {
  const { core } = state;

  const onSchedule =
    (action: string) =>
    ({ Name = "", GroupName = DEFAULT_GROUP, Target }: OnSchedule): AccessNeed[] => [
      { action: `scheduler:${action}`, resource: scheduleArn(core, GroupName, Name) },
      ...passRole(Target?.RoleArn),
    ];

  const onGroup = (action: string, resource: string, more: ConditionValues = {}): AccessNeed => {
    const tags = findGroup(state, resource.split("/")[1] ?? "")?.tags;
    return { action: `scheduler:${action}`, resource, conditions: { ...resourceTagConditions(tags), ...more } };
  };

  return {
    CreateSchedule: onSchedule("CreateSchedule"),
    GetSchedule: onSchedule("GetSchedule"),
    UpdateSchedule: onSchedule("UpdateSchedule"),
    DeleteSchedule: onSchedule("DeleteSchedule"),
    ListSchedules: () => [{ action: "scheduler:ListSchedules", resource: "*" }],

    CreateScheduleGroup: ({ Name = "", Tags }) => {
      const tags = Object.fromEntries((Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
      const conditions = requestTagConditions(tags);
      return [
        onGroup("CreateScheduleGroup", groupArn(core, Name), conditions),
        ...(Object.keys(tags).length === 0 ? [] : [onGroup("TagResource", groupArn(core, Name), conditions)]),
      ];
    },
    GetScheduleGroup: ({ Name = "" }) => [onGroup("GetScheduleGroup", groupArn(core, Name))],
    DeleteScheduleGroup: ({ Name = "" }) => [
      onGroup("DeleteScheduleGroup", groupArn(core, Name)),
      ...state.schedules
        .values(`${Name}/`)
        .map(({ name }) => ({ action: "scheduler:DeleteSchedule", resource: scheduleArn(core, Name, name) })),
    ],
    ListScheduleGroups: () => [{ action: "scheduler:ListScheduleGroups", resource: "*" }],

    TagResource: ({ ResourceArn = "", Tags = [] }) => {
      const tags = Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
      return [onGroup("TagResource", ResourceArn, requestTagConditions(tags))];
    },
    UntagResource: ({ ResourceArn = "", TagKeys = [] }) => [
      onGroup("UntagResource", ResourceArn, { "aws:TagKeys": TagKeys }),
    ],
    ListTagsForResource: ({ ResourceArn = "" }) => [onGroup("ListTagsForResource", ResourceArn)],
  };
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html */
function passRole(roleArn: string | undefined): AccessNeed[] {
  const conditions = { "iam:PassedToService": SCHEDULER_PRINCIPAL };
  return roleArn === undefined ? [] : [{ action: "iam:PassRole", resource: roleArn, conditions }];
}
