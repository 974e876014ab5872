import type { FilteredLogEvent } from "@aws-sdk/client-cloudwatch-logs";
import { beforeAll, describe, expect, test } from "vitest";
import { durationsByMinute } from "../log-figures.ts";
import { oneLine } from "../one-line.ts";
import { readGuideCommands } from "../read-guide-commands.ts";
import { SENT } from "../send-known-traffic.ts";
import { pages } from "../walk/pages.ts";
import { readPage } from "../walk/read-pages.ts";
import type { Datapoint, MonitoredAccount } from "./monitored-account.ts";

/** Tests that what the corrected guide asks for figures and logs finds what was sent. @param at what is there by the time they run */
export function describeCorrectedFigures(at: MonitoredAccount): void {
  const original = new Set([...readGuideCommands().values()].flatMap(({ commands }) => commands.map(oneLine)));

  describe("the corrected guide's commands that ask for figures and logs", () => {
    /** Each of them once, as it stands in docs/guide. */
    const asking = /^aws (?:cloudwatch get-metric-statistics|logs filter-log-events) /;
    const corrected = [
      ...new Set(
        pages
          .flatMap((page) => readPage(page).map(({ text }) => text))
          .filter((text) => asking.test(text) && !original.has(oneLine(text))),
      ),
    ];
    const answers = new Map<string, { Datapoints?: Corrected[]; events?: FilteredLogEvent[] }>();

    interface Corrected extends Datapoint {
      readonly ExtendedStatistics?: { readonly p50: number; readonly p99: number };
    }

    beforeAll(async () => {
      const run = async (text: string) => {
        // The version that does not start.
        const command = text.replace("Name=ExecutedVersion,Value=8", "Name=ExecutedVersion,Value=2");
        answers.set(text, await at.shell.json(command));
      };
      await Promise.all(corrected.map(run));
    });

    const totals = (words: string) =>
      corrected
        .filter((text) => text.includes(words) && !text.includes("--extended-statistics"))
        .map((text) => answers.get(text)?.Datapoints?.reduce((total, { Sum = Number.NaN }) => total + Sum, 0));

    test("count errors, of all versions and of one, and the units of writes", () => {
      expect(totals("--metric-name Errors").length).toBeGreaterThanOrEqual(3);
      expect(new Set(totals("--metric-name Errors"))).toEqual(new Set([SENT.errors]));
      expect(new Set(totals("ConsumedWriteCapacityUnits"))).toEqual(new Set([SENT.writeUnits]));
    });

    test("show p50 and p99 of the duration of each minute", () => {
      const [text = ""] = corrected.filter((each) => each.includes("--extended-statistics"));
      const durations = durationsByMinute(at.logged);
      const found = answers.get(text)?.Datapoints ?? [];
      expect(found.map(({ Timestamp }) => Date.parse(Timestamp)).toSorted()).toEqual([...durations.keys()].toSorted());
      for (const { Timestamp, ExtendedStatistics: { p50, p99 } = { p50: Number.NaN, p99: Number.NaN } } of found) {
        const slowest = Math.max(...(durations.get(Date.parse(Timestamp)) ?? []));
        expect(p50).toBeLessThanOrEqual(p99);
        expect(p99).toBeLessThanOrEqual(slowest + 0.01);
      }
    });

    test("find lines by their fields, and no others that say ERROR", () => {
      const isMeant = (message = "") => {
        const line = message.startsWith("{") ? (JSON.parse(message) as { level?: string; status?: number }) : {};
        return line.level === "ERROR" || (line.status ?? 0) >= 500;
      };
      const expected = at.logged.flatMap(({ message }) => (isMeant(message) ? [message] : []));
      const filters = corrected.filter((text) => text.includes("filter-log-events"));
      expect(expected.length).toBeGreaterThan(0);
      expect(filters).toHaveLength(2);
      for (const text of filters) {
        expect(answers.get(text)?.events?.map(({ message }) => message)).toEqual(expected);
      }
    });
  });
}
