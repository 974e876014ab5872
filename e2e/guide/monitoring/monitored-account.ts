import { CloudWatchLogsClient, type FilteredLogEvent, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import type { LocalAwsProcess } from "../../support/local-aws-process.ts";
import type { GuideAccount } from "../deploy-guide-account.ts";
import type { GuideShell } from "../guide-shell.ts";

export const FUNCTION_LOG = "/aws/lambda/api-handler-prod";

/** The guide's account after known traffic, and a shell on it. */
export interface MonitoredAccount {
  readonly localAws: LocalAwsProcess;
  readonly account: GuideAccount;
  readonly shell: GuideShell;
  /** All that the function has logged by the traffic. */
  readonly logged: readonly FilteredLogEvent[];
}

/** A value of a metric, as the AWS CLI prints it. */
export interface Datapoint {
  readonly Sum?: number;
  readonly Average?: number;
  readonly Unit: string;
  readonly Timestamp: string;
}

/** All events of a log group. */
export async function eventsOf(localAws: LocalAwsProcess, logGroupName: string): Promise<FilteredLogEvent[]> {
  const client = new CloudWatchLogsClient(localAws.client);
  const events: FilteredLogEvent[] = [];
  for await (const page of paginateFilterLogEvents({ client }, { logGroupName })) {
    events.push(...(page.events ?? []));
  }
  client.destroy();
  return events;
}
