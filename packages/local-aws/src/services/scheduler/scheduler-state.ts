import type { FlexibleTimeWindow } from "@aws-sdk/client-scheduler";
import { AwsError } from "../../core/aws-error.ts";
import type { Core } from "../../core/core.ts";
import type { ApiCaller, MetricSink, QueueSender, RoleDirectory } from "../../core/ports.ts";
import type { Collection } from "../../store/store.ts";

/** The SDK module that types this service's operations. */
export type SchedulerModule = typeof import("@aws-sdk/client-scheduler");

/** What EventBridge Scheduler asks of other services. */
export interface SchedulerDependencies {
  readonly roles: RoleDirectory;
  readonly queues: QueueSender;
  readonly metrics: MetricSink;
  /** Calls the targets; there only once all services are. */
  readonly api: () => ApiCaller;
}

/** A group as it is stored, by its name. */
export interface ScheduleGroup {
  readonly name: string;
  /** Milliseconds since the epoch, like all times here. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly clientToken?: string | undefined;
}

/** What a schedule calls, and what becomes of a call that fails. */
export interface ScheduleTarget {
  readonly arn: string;
  readonly roleArn: string;
  /** JSON, with `<aws.scheduler...>` in it. */
  readonly input: string;
  readonly deadLetterArn?: string | undefined;
  readonly maximumEventAgeInSeconds: number;
  readonly maximumRetryAttempts: number;
}

/** A schedule as it is stored, by `group/name`. */
export interface Schedule {
  readonly name: string;
  readonly group: string;
  readonly expression: string;
  readonly timeZone: string;
  readonly startDate?: number | undefined;
  readonly endDate?: number | undefined;
  readonly description?: string | undefined;
  readonly state: "ENABLED" | "DISABLED";
  readonly target: ScheduleTarget;
  readonly flexibleTimeWindow: FlexibleTimeWindow;
  readonly actionAfterCompletion: "NONE" | "DELETE";
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly clientToken?: string | undefined;
  /** The first time of a rate. */
  readonly anchor: number;
  /** Until when all of its times have been seen to. */
  readonly seenUntil: number;
  /** Tells a schedule from one of the same name that was there before. */
  readonly incarnation: string;
}

/** A call that a schedule owes: kept until it has succeeded, or is given up. */
export interface Invocation {
  readonly id: string;
  readonly schedule: string;
  readonly incarnation: string;
  /** When it was to be. */
  readonly scheduledAt: number;
  readonly target: ScheduleTarget;
  /** Times that it was tried. */
  readonly attempts: number;
  readonly dueAt: number;
}

/** What the operations of EventBridge Scheduler work on. */
export interface SchedulerState extends SchedulerDependencies {
  readonly core: Core;
  readonly groups: Collection<ScheduleGroup>;
  readonly schedules: Collection<Schedule>;
  readonly invocations: Collection<Invocation>;
}

/** The group that every account has. */
export const DEFAULT_GROUP = "default";

/** Opens what EventBridge Scheduler keeps in the store. */
export function openSchedulerState(core: Core, dependencies: SchedulerDependencies): SchedulerState {
  return {
    ...dependencies,
    core,
    groups: core.store.collection<ScheduleGroup>("scheduler/groups"),
    schedules: core.store.collection<Schedule>("scheduler/schedules"),
    invocations: core.store.collection<Invocation>("scheduler/invocations"),
  };
}

type Place = Pick<Core, "region" | "accountId">;

export function scheduleArn({ region, accountId }: Place, group: string, name: string): string {
  return `arn:aws:scheduler:${region}:${accountId}:schedule/${group}/${name}`;
}

export function groupArn({ region, accountId }: Place, name: string): string {
  return `arn:aws:scheduler:${region}:${accountId}:schedule-group/${name}`;
}

export function scheduleKey(group: string | undefined, name: string | undefined): string {
  return `${group ?? DEFAULT_GROUP}/${name ?? ""}`;
}

/** The group of that name; the default one is there without having been made. */
export function findGroup({ groups }: SchedulerState, name: string): ScheduleGroup | undefined {
  return groups.get(name) ?? (name === DEFAULT_GROUP ? { name, createdAt: 0, modifiedAt: 0, tags: {} } : undefined);
}

/** @throws AwsError `ResourceNotFoundException` */
export function requireGroup(state: SchedulerState, name: string = DEFAULT_GROUP): ScheduleGroup {
  const group = findGroup(state, name);
  if (group === undefined) {
    throw notFound(`Schedule group ${name} does not exist.`);
  }
  return group;
}

/** @throws AwsError `ResourceNotFoundException` */
export function requireSchedule(state: SchedulerState, group: string | undefined, name: string | undefined): Schedule {
  const schedule = state.schedules.get(scheduleKey(group, name));
  if (schedule === undefined) {
    throw notFound(`Schedule ${name} does not exist.`);
  }
  return schedule;
}

/** An error in the words of the service, which writes its message with a capital. */
export function schedulerError(code: string, message: string): AwsError {
  return new AwsError(code, message, { fields: { Message: message } });
}

export function invalid(message: string): AwsError {
  return schedulerError("ValidationException", message);
}

function notFound(message: string): AwsError {
  return schedulerError("ResourceNotFoundException", message);
}
