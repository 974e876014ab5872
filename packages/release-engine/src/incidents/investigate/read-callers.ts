import type { Symptoms, TimeWindow } from "@slipway/analysis";
import type { MonitoredStage } from "../../monitoring/monitored-resources.ts";
import type { LogsReader } from "../../ports/logs.ts";
import { accessLogFields } from "../postmortem/access-log-fields.ts";

/** Callers that are told apart; the rest are one. */
const MOST_CALLERS = 500;

/**
 * Reads whose requests fail from the access logs of stages, where these say who called.
 *
 * @returns undefined where no access log tells
 * @throws {ReleaseError} when logs cannot be asked
 */
export async function readCallers(
  logs: LogsReader,
  stages: readonly MonitoredStage[],
  { from, to }: TimeWindow,
  signal?: AbortSignal,
): Promise<Symptoms["callers"]> {
  const told = stages.flatMap(({ accessLogGroup, accessLogFormat }) => {
    const fields = accessLogFields(accessLogFormat ?? "");
    return accessLogGroup === undefined || fields?.caller === undefined
      ? []
      : [{ group: accessLogGroup, status: fields.status, caller: fields.caller }];
  });
  const [first] = told;
  if (first === undefined) {
    return undefined;
  }
  const { status, caller } = first;
  const groups = told.filter((each) => each.status === status && each.caller === caller).map(({ group }) => group);
  const query = `filter ispresent(${caller}) | fields ${status} >= 500 as isFailed | stats count(*) as calls, sum(isFailed) as failed by ${caller} as caller | sort failed desc, calls desc | limit ${MOST_CALLERS}`;
  const { rows } = await logs.query({ groups, query }, { from, to: Math.max(from, to - 1_000) }, signal);
  return rows.map((row) => ({
    caller: row.caller ?? "",
    calls: Number(row.calls ?? 0),
    failed: Number(row.failed ?? 0),
  }));
}
