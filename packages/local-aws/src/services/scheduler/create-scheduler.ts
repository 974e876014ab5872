import type { Core } from "../../core/core.ts";
import type { TagSource } from "../../core/ports.ts";
import { defineService, type Service } from "../../core/service.ts";
import { schedulerAccess } from "./access.ts";
import { groupOperations } from "./group-operations.ts";
import { scheduleOperations } from "./schedule-operations.ts";
import { ScheduleRunner } from "./schedule-runner.ts";
import { groupArn, openSchedulerState, type SchedulerDependencies, type SchedulerModule } from "./scheduler-state.ts";

/** EventBridge Scheduler and its port. */
export interface Scheduler {
  readonly service: Service;
  readonly tags: TagSource;
  /** Lets the schedules run, once all that they may call is there. */
  start(): void;
}

/**
 * Makes Amazon EventBridge Scheduler: cron, rate and one-time schedules with time zones, whose targets are calls of local AWS's own
 * operations (universal targets). Templated targets, and keys of one's own, are refused.
 */
export function createScheduler(core: Core, dependencies: SchedulerDependencies): Scheduler {
  const state = openSchedulerState(core, dependencies);
  const runner = new ScheduleRunner(state);
  const { groups, schedules } = state;
  return {
    service: defineService<SchedulerModule>({
      id: "scheduler",
      signingNames: ["scheduler"],
      load: () => import("@aws-sdk/client-scheduler"),
      client: "SchedulerClient",
      rest: "restJson1",
      operations: {
        ...groupOperations(state, (key) => runner.forget(key)),
        ...scheduleOperations(state, runner),
      },
      access: schedulerAccess(state),
      close: async () => runner.close(),
      inventory: () => [
        ...groups.values().map(({ name }) => `AWS::Scheduler::ScheduleGroup ${name}`),
        ...schedules.values().map(({ group, name }) => `AWS::Scheduler::Schedule ${group}/${name}`),
      ],
    }),
    tags: {
      taggedResources: () =>
        groups.values().map(({ name, tags }) => ({
          arn: groupArn(core, name),
          type: "scheduler:schedule-group",
          tags,
        })),
    },
    start: () => runner.start(),
  };
}
