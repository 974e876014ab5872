import { type CloudWatchClient, type MetricAlarm, paginateDescribeAlarms } from "@aws-sdk/client-cloudwatch";
import { assertNotInterrupted, type TableAlarms } from "@slipway/release-engine";
import type { AwsClientOptions } from "../client-settings.ts";
import { translateAwsError } from "../translate-aws-error.ts";
import { createCloudWatchClient } from "./create-cloudwatch-client.ts";

/** Finds the alarms on a table's metrics, by the name that those have as a dimension. */
export class AwsTableAlarms implements TableAlarms {
  readonly #client: CloudWatchClient;

  constructor(options: AwsClientOptions) {
    this.#client = createCloudWatchClient(options);
  }

  async watching(table: string, signal?: AbortSignal): Promise<readonly string[]> {
    const names: string[] = [];
    try {
      const options = signal === undefined ? {} : { abortSignal: signal };
      for await (const page of paginateDescribeAlarms(
        { client: this.#client },
        { AlarmTypes: ["MetricAlarm"] },
        options,
      )) {
        names.push(
          ...(page.MetricAlarms ?? []).filter((alarm) => watches(alarm, table)).map(({ AlarmName = "" }) => AlarmName),
        );
      }
    } catch (error) {
      assertNotInterrupted(signal, `while it was looked for alarms of ${table}`);
      throw translateAwsError(error, { action: "cloudwatch:DescribeAlarms", subject: table });
    }
    return names.sort();
  }

  close(): void {
    this.#client.destroy();
  }
}

function watches({ Namespace, Dimensions = [], Metrics = [] }: MetricAlarm, table: string): boolean {
  const metrics = [
    { Namespace, Dimensions },
    ...Metrics.flatMap(({ MetricStat }) => (MetricStat?.Metric === undefined ? [] : [MetricStat.Metric])),
  ];
  return metrics.some(
    (metric) =>
      metric.Namespace === "AWS/DynamoDB" &&
      (metric.Dimensions ?? []).some(({ Name, Value }) => Name === "TableName" && Value === table),
  );
}
