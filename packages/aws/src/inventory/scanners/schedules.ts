import {
  GetScheduleCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  SchedulerClient,
} from "@aws-sdk/client-scheduler";
import type { ResourceScanner } from "@slipway/release-engine";
import { type ScanContext, tagRecord } from "../scan-context.ts";

const gone = ["ResourceNotFoundException"];
const pageSize = 100;

/** Schedules of EventBridge Scheduler. Their tags are those of their group. */
export function schedules(context: ScanContext): ResourceScanner {
  const scheduler = context.client(SchedulerClient);
  return {
    type: "schedule",
    async list(page) {
      const { Schedules = [], NextToken } = await context.call("scheduler:ListSchedules", "the schedules", (options) =>
        scheduler.send(new ListSchedulesCommand({ NextToken: page, MaxResults: pageSize }), options),
      );
      return {
        items: Schedules.map(({ Arn: arn = "", Name: name = "", GroupName: group = "", State, CreationDate }) => ({
          ...{ type: "schedule", id: `${group}/${name}`, name, arn, createdAt: CreationDate?.getTime() },
          parent: { type: "schedule-group", id: group },
          use:
            State === "DISABLED"
              ? { verdict: "idle", why: "it is disabled" }
              : { verdict: "used", why: "it is enabled, and calls its target" },
        })),
        next: NextToken,
      };
    },
    async describe(resource) {
      const [GroupName, Name] = resource.id.split("/");
      const subject = `the schedule ${resource.id}`;
      const [schedule, group] = await Promise.all([
        context.callFor("scheduler:GetSchedule", subject, gone, (options) =>
          scheduler.send(new GetScheduleCommand({ GroupName, Name }), options),
        ),
        context.callFor("scheduler:ListTagsForResource", subject, gone, (options) =>
          scheduler.send(
            new ListTagsForResourceCommand({ ResourceArn: context.arn("scheduler", `schedule-group/${GroupName}`) }),
            options,
          ),
        ),
      ]);
      return schedule && { ...resource, tags: tagRecord(group?.Tags) };
    },
  };
}

/** Groups of schedules. */
export function scheduleGroups(context: ScanContext): ResourceScanner {
  const scheduler = context.client(SchedulerClient);
  return {
    type: "schedule-group",
    async list(page) {
      const { ScheduleGroups = [], NextToken } = await context.call(
        "scheduler:ListScheduleGroups",
        "the groups of schedules",
        (options) => scheduler.send(new ListScheduleGroupsCommand({ NextToken: page, MaxResults: pageSize }), options),
      );
      return {
        items: ScheduleGroups.map(({ Arn: arn = "", Name: id = "", State, CreationDate }) => ({
          ...{ type: "schedule-group", id, name: id, arn, createdAt: CreationDate?.getTime() },
          awsOwned: id === "default" ? "the group that every account has" : undefined,
          leaving: State === "DELETING" ? "being deleted" : undefined,
        })),
        next: NextToken,
      };
    },
    async describe(resource) {
      const answer = await context.callFor(
        "scheduler:ListTagsForResource",
        `the group of schedules ${resource.id}`,
        gone,
        (options) => scheduler.send(new ListTagsForResourceCommand({ ResourceArn: resource.arn }), options),
      );
      return answer && { ...resource, tags: tagRecord(answer.Tags) };
    },
  };
}
