import {
  type CloudWatchClient,
  DeleteAlarmsCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
} from "@aws-sdk/client-cloudwatch";
import { ReleaseError } from "@slipway/release-engine";
import { awsCall } from "../aws-call.ts";

/**
 * Deletes a metric alarm, as somebody might by mistake. Only for a local AWS of a rehearsal's own.
 *
 * @returns what makes it again as it was, but for its tags
 * @throws {ReleaseError} when there is no such alarm; what AWS has answered
 */
export async function deleteAlarm(
  cloudwatch: CloudWatchClient,
  name: string,
  signal?: AbortSignal,
): Promise<() => Promise<void>> {
  const { MetricAlarms: [alarm] = [] } = await awsCall("cloudwatch:DescribeAlarms", name, signal, (options) =>
    cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }), options),
  );
  if (alarm === undefined) {
    throw new ReleaseError({
      ...{ kind: "failed", what: `There is no metric alarm ${name} to delete`, why: "CloudWatch does not know it" },
      next: "slipway alarms shows those that are there",
    });
  }
  await awsCall("cloudwatch:DeleteAlarms", name, signal, (options) =>
    cloudwatch.send(new DeleteAlarmsCommand({ AlarmNames: [name] }), options),
  );
  const {
    AlarmArn: _,
    AlarmConfigurationUpdatedTimestamp: __,
    StateValue: ___,
    StateReason: ____,
    StateReasonData: _____,
    StateUpdatedTimestamp: ______,
    StateTransitionedTimestamp: _______,
    EvaluationState: ________,
    ...configuration
  } = alarm;
  return async () => {
    await awsCall("cloudwatch:PutMetricAlarm", name, undefined, (options) =>
      cloudwatch.send(
        new PutMetricAlarmCommand({
          ...configuration,
          AlarmName: name,
          ComparisonOperator: alarm.ComparisonOperator ?? "GreaterThanThreshold",
          EvaluationPeriods: alarm.EvaluationPeriods ?? 1,
        }),
        options,
      ),
    );
  };
}
