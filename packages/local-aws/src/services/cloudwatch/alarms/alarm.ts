import type { MetricDataQuery } from "@aws-sdk/client-cloudwatch";
import type { MetricsState } from "../cloudwatch-state.ts";
import type { AlarmHistory } from "./alarm-history.ts";
import type { AlarmTable } from "./alarm-table.ts";
import type { Suppression, SuppressorSettings } from "./suppression.ts";

/** States of alarms. */
export type StateValue = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** How an alarm takes periods without data. */
export type MissingDataTreatment = "missing" | "ignore" | "breaching" | "notBreaching";

/** What all alarms have; times are milliseconds since the epoch. */
interface CommonAlarm {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly actionsEnabled: boolean;
  readonly okActions: readonly string[];
  readonly alarmActions: readonly string[];
  readonly insufficientDataActions: readonly string[];
  readonly configuredAt: number;
  readonly state: StateValue;
  readonly stateReason: string;
  readonly stateReasonData?: string;
  readonly stateUpdatedAt: number;
  readonly stateTransitionedAt: number;
  /** Set while the alarm cannot be evaluated at all: its state is the last one that could be found. */
  readonly evaluationError?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** An alarm on a metric or on metric math. */
export interface MetricAlarm extends CommonAlarm {
  readonly kind: "MetricAlarm";
  /** One metric; absent for metric math. */
  readonly metric?: {
    readonly namespace: string;
    readonly name: string;
    readonly dimensions: readonly { readonly Name: string; readonly Value: string }[];
    readonly statistic?: string;
    readonly extendedStatistic?: string;
    readonly period: number;
    readonly unit?: string;
  };
  /** Metric math, as it was given. */
  readonly queries?: readonly MetricDataQuery[];
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm?: number;
  readonly threshold: number;
  readonly comparisonOperator: ComparisonOperator;
  /** As it was given; absent means `missing`, and `ignore` for metrics of DynamoDB. */
  readonly treatMissingData?: MissingDataTreatment;
  readonly evaluateLowSampleCountPercentile?: "evaluate" | "ignore";
}

/** An alarm on the states of other alarms. */
export interface CompositeAlarm extends CommonAlarm {
  readonly kind: "CompositeAlarm";
  readonly rule: string;
  /** The alarm that keeps this one from acting, if there is one. */
  readonly suppressor?: SuppressorSettings;
  /** What keeps it from acting now. */
  readonly suppression?: Suppression;
}

/** Any alarm. */
export type Alarm = MetricAlarm | CompositeAlarm;

/** Comparisons that alarms on a threshold know. */
export type ComparisonOperator =
  | "GreaterThanOrEqualToThreshold"
  | "GreaterThanThreshold"
  | "LessThanThreshold"
  | "LessThanOrEqualToThreshold";

/** What alarm operations work on. */
export interface AlarmsState extends MetricsState {
  readonly alarms: AlarmTable;
  readonly history: AlarmHistory;
}
