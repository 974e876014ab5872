import type { Operations } from "../../core/service.ts";
import { checkName, pageOf, tagRecord } from "./request-members.ts";
import {
  DEFAULT_GROUP,
  findGroup,
  groupArn,
  invalid,
  requireGroup,
  type ScheduleGroup,
  type SchedulerModule,
  type SchedulerState,
  schedulerError,
} from "./scheduler-state.ts";

/** Groups of schedules, and their tags: schedules have none. */
export function groupOperations(
  state: SchedulerState,
  forget: (schedule: string) => void,
): Pick<
  Operations<SchedulerModule>,
  | "CreateScheduleGroup"
  | "GetScheduleGroup"
  | "DeleteScheduleGroup"
  | "ListScheduleGroups"
  | "TagResource"
  | "UntagResource"
  | "ListTagsForResource"
> {
  const { core, groups, schedules } = state;

  const describe = (group: ScheduleGroup) => ({
    Arn: groupArn(core, group.name),
    Name: group.name,
    State: "ACTIVE" as const,
    CreationDate: new Date(group.createdAt),
    LastModificationDate: new Date(group.modifiedAt),
  });

  /** The group of an ARN: only groups have tags. */
  const tagged = (arn: string | undefined): ScheduleGroup => {
    const name = arn?.split("/")[1] ?? "";
    const group = arn === groupArn(core, name) ? findGroup(state, name) : undefined;
    if (group === undefined) {
      throw schedulerError("ResourceNotFoundException", `Schedule group ${name} does not exist.`);
    }
    return group;
  };

  return {
    CreateScheduleGroup({ Name, Tags, ClientToken }) {
      const name = checkName(Name);
      const tags = tagRecord(Tags);
      const existing = findGroup(state, name);
      if (existing !== undefined && (ClientToken === undefined || existing.clientToken !== ClientToken)) {
        throw schedulerError("ConflictException", `Schedule group ${name} already exists.`);
      }
      const now = core.clock.now();
      groups.put(name, existing ?? { name, createdAt: now, modifiedAt: now, tags, clientToken: ClientToken });
      return { ScheduleGroupArn: groupArn(core, name) };
    },

    GetScheduleGroup: ({ Name }) => describe(requireGroup(state, Name)),

    DeleteScheduleGroup({ Name }) {
      const { name } = requireGroup(state, Name);
      if (name === DEFAULT_GROUP) {
        throw invalid("The default schedule group cannot be deleted.");
      }
      // Its schedules go with it.
      for (const [key] of schedules.entries(`${name}/`)) {
        forget(key);
      }
      groups.delete(name);
      return {};
    },

    ListScheduleGroups({ NamePrefix = "", ...paging }) {
      const byDefault = groups.has(DEFAULT_GROUP) ? [] : [requireGroup(state)];
      const all = [...byDefault, ...groups.values()].filter(({ name }) => name.startsWith(NamePrefix));
      const { items, NextToken } = pageOf(all.sort(byName), paging);
      return { ScheduleGroups: items.map(describe), NextToken };
    },

    TagResource({ ResourceArn, Tags }) {
      const group = tagged(ResourceArn);
      const tags = tagRecord([...tagList(group.tags), ...(Tags ?? [])]);
      groups.put(group.name, { ...group, tags, modifiedAt: core.clock.now() });
      return {};
    },

    UntagResource({ ResourceArn, TagKeys = [] }) {
      const group = tagged(ResourceArn);
      const tags = Object.fromEntries(Object.entries(group.tags).filter(([key]) => !TagKeys.includes(key)));
      groups.put(group.name, { ...group, tags, modifiedAt: core.clock.now() });
      return {};
    },

    ListTagsForResource: ({ ResourceArn }) => ({ Tags: tagList(tagged(ResourceArn).tags) }),
  };
}

function tagList(tags: Readonly<Record<string, string>>): { Key: string; Value: string }[] {
  return Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
}

function byName(left: ScheduleGroup, right: ScheduleGroup): number {
  return left.name < right.name ? -1 : 1;
}
