import type { FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";
import { AwsLogsReader } from "@slipway/aws/logs";
import { beforeAll, describe, expect, test } from "vitest";
import { insightsScript } from "../insights-script.ts";
import { average, countStreams, figures, inBins, ofReport } from "../log-figures.ts";
import type { GuideSection } from "../read-guide-commands.ts";
import { readSavedQueries } from "../read-saved-queries.ts";
import { SENT } from "../send-known-traffic.ts";
import { eventsOf, FUNCTION_LOG, type MonitoredAccount } from "./monitored-account.ts";

/**
 * Tests the guide's queries of Logs Insights, as it has them and corrected.
 *
 * @param at what is there by the time they run
 * @param section of the original guide, by its heading
 */
export function describeLogsInsights(at: MonitoredAccount, section: (heading: string) => GuideSection): void {
  describe("Logs Insights", () => {
    type Row = Readonly<Record<string, string>>;
    const rows = new Map<string, readonly Row[]>();
    let accesses: readonly FilteredLogEvent[];

    beforeAll(async () => {
      const accessLog = `/aws/apigateway/${at.account.apiId}`;
      accesses = await eventsOf(at.localAws, accessLog);
      const own = new AwsLogsReader(at.localAws.client);
      const window = { from: Date.now() - 3_600_000, to: Date.now() };
      const queries = [
        ["Error Analysis", FUNCTION_LOG],
        ["Performance Analysis", FUNCTION_LOG],
        ["Request Analysis", accessLog],
      ] as const;
      await Promise.all([
        ...queries.map(async ([name, group]) => {
          const { status, results } = await at.shell.json<{
            status: string;
            results: { field: string; value: string }[][];
          }>(insightsScript(group, section(name).text));
          expect(status).toBe("Complete");
          rows.set(
            name,
            results.map((row) => Object.fromEntries(row.map(({ field, value }) => [field, value]))),
          );
        }),
        // The guide does not have these: how the CLI asks has been seen.
        ...[...readSavedQueries()].map(async ([name, { log, text }]) => {
          const answer = await own.query(
            { groups: [log === "access" ? accessLog : FUNCTION_LOG], query: text },
            window,
          );
          rows.set(`saved: ${name}`, answer.rows);
        }),
      ]);
      own.close();
    });

    const byName = <T extends Row>(name: string, field: string): Map<string | undefined, T> =>
      new Map((rows.get(name) as readonly T[] | undefined)?.map((row) => [row[field], row]));

    test("Error Analysis as the guide has it counts lines that say ERROR, by stream", () => {
      const errors = at.logged.filter(({ message }) => message?.includes("ERROR"));
      expect(errors).toHaveLength(SENT.errorLines);
      const expected = Map.groupBy(errors, ({ logStreamName }) => logStreamName ?? "");
      const found = rows.get("Error Analysis")?.map((row) => [row["@logStream"], row["count()"]]);
      expect(new Map(found as [string, string][])).toEqual(
        new Map([...expected].map(([stream, { length }]) => [stream, String(length)])),
      );
    });

    test("Performance Analysis as the guide has it is right where there are durations", () => {
      const found = byName("Performance Analysis", "bin(5m)");
      const expected = inBins(at.logged);
      expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [bin, events] of expected) {
        const durations = figures(events, ofReport("Duration"));
        const row = found.get(bin) ?? {};
        expect(Number(row["max(@duration)"])).toBe(Math.max(...durations));
        expect(Number(row["avg(@duration)"])).toBeCloseTo(average(durations), 3);
        // Of fewer than a hundred values, 99 % are not exceeded by the largest alone.
        expect(Number(row["pct(@duration, 99)"])).toBe(Math.max(...durations));
      }
    });

    test("Request Analysis as the guide has it counts requests, and finds no statusCode to average", () => {
      const found = byName("Request Analysis", "bin(5m)");
      expect(accesses).toHaveLength(SENT.invocations);
      for (const [bin, { length }] of inBins(accesses)) {
        expect(found.get(bin)).toEqual({ "bin(5m)": bin, requests: String(length) });
      }
    });

    test("corrected, errors are counted by class and operation", () => {
      const found = rows.get("saved: Error Analysis")?.map(({ last: _, ...row }) => row);
      // How many environments there are is for Lambda to say.
      const isDenied = (message: string) => message.includes("AccessDeniedException");
      const ofDenied = countStreams(at.logged, isDenied);
      const ofOthers = countStreams(at.logged, (message) => message.includes("ERROR") && !isDenied(message));
      expect(found).toEqual([
        // What the runtime writes of a start that throws.
        { class: "Error", errors: String(SENT.errors), instances: String(ofOthers) },
        {
          ...{ class: "AccessDeniedException", operation: "deleteItem", instances: String(ofDenied) },
          errors: String(SENT.errorLines - SENT.errors),
        },
      ]);
    });

    test("corrected, performance is that of REPORT lines alone, with cold starts and memory", () => {
      const found = byName("saved: Performance Analysis", "period");
      const expected = inBins(at.logged.filter(({ message }) => message?.startsWith("REPORT")));
      expect([...found.keys()].sort()).toEqual([...expected.keys()].sort());
      for (const [bin, reports] of expected) {
        const durations = figures(reports, ofReport("Duration")).sort((left, right) => left - right);
        const row = found.get(bin) ?? {};
        expect(row).toMatchObject({
          calls: String(reports.length),
          cold: String(figures(reports, ofReport("Init Duration")).length),
        });
        expect(Number(row.average)).toBeCloseTo(average(durations), 3);
        expect(Number(row.p50)).toBe(durations[Math.ceil(durations.length / 2) - 1]);
        expect([Number(row.p99), Number(row.slowest)]).toEqual([durations.at(-1), durations.at(-1)]);
        expect(Number(row.maxMB)).toBe(Math.max(...figures(reports, ofReport("Max Memory Used"))));
      }
    });

    test("corrected, requests are counted by class of status", () => {
      const counts: Record<string, number> = {};
      for (const { class: name = "", requests, p50, p99 } of rows.get("saved: Request Analysis") ?? []) {
        counts[name] = (counts[name] ?? 0) + Number(requests);
        expect(Number(p99)).toBeGreaterThanOrEqual(Number(p50));
      }
      expect(counts).toEqual(SENT.byClass);
    });
  });
}
