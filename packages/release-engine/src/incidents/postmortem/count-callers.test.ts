import { describe, expect, it } from "vitest";
import type { MonitoredStage } from "../../monitoring/monitored-resources.ts";
import type { LogsReader } from "../../ports/logs.ts";
import { fakeLogs } from "../../validation/test/fake-observers.ts";
import { countCallers } from "./count-callers.ts";

const WINDOW = { from: 60_000, to: 180_000 };
const counted = { requests: 100, failed: 10 };

function stage(name: string, format: object): MonitoredStage {
  const accessLogFormat = JSON.stringify(format);
  return { apiId: name, apiName: name, stage: "prod", accessLogGroup: `/log/${name}`, accessLogFormat };
}

const ours = { status: "$context.status", sourceIp: "$context.identity.sourceIp" };
const theirs = { "http-status": "$context.status", who: { ip: "$context.identity.sourceIp" } };

function logs(): LogsReader & { readonly asked: string[] } {
  const asked: string[] = [];
  const statistics = { recordsMatched: 0, recordsScanned: 0, bytesScanned: 0 };
  return {
    ...fakeLogs([]),
    asked,
    async query({ groups, query }, { from, to }) {
      asked.push(`${groups.join()} ${from} ${to}: ${query}`);
      const rows = query.includes("count_distinct")
        ? [{ callers: "3" }]
        : [
            { answer: "503", lines: "10" },
            { answer: "429", lines: "40" },
          ];
      return { fields: [], rows, statistics };
    },
  };
}

describe("countCallers", () => {
  it("asks logs that are written alike together, for a window without its end", async () => {
    const reader = logs();
    const stages = [stage("a", ours), stage("b", ours)];
    expect(await countCallers(reader, stages, WINDOW, counted)).toEqual({ refused: 40, callers: 3, gaps: [] });
    expect(reader.asked).toEqual([
      "/log/a,/log/b 60000 179000: filter ispresent(status) | stats count(*) as lines by status as answer",
      '/log/a,/log/b 60000 179000: filter (status >= 500 or status = 429) and sourceIp != "-" | stats count_distinct(sourceIp) as callers',
    ]);
  });

  it("counts no caller twice who may be in logs that are written differently", async () => {
    const reader = logs();
    expect(await countCallers(reader, [stage("a", ours), stage("b", theirs)], WINDOW, counted)).toEqual({
      ...{ refused: 80, callers: null },
      gaps: ["the access log does not tell callers apart"],
    });
    expect(reader.asked[2]).toContain("by `http-status` as answer");
    expect(reader.asked[3]).toContain("count_distinct(who.ip)");
  });

  it("takes an empty log of what failed for one that knows nobody", async () => {
    const reader: LogsReader = {
      ...fakeLogs([]),
      query: async ({ query }) => ({
        fields: [],
        rows: query.includes("count_distinct") ? [] : [{ answer: "200", lines: "100" }],
        statistics: { recordsMatched: 0, recordsScanned: 0, bytesScanned: 0 },
      }),
    };
    const { callers, refused } = await countCallers(reader, [stage("a", ours)], WINDOW, counted);
    expect([callers, refused]).toEqual([null, 0]);
    const quiet = { requests: 100, failed: 0 };
    expect(await countCallers(reader, [stage("a", ours)], WINDOW, quiet)).toMatchObject({ callers: 0, refused: 0 });
  });
});
