import { test } from "vitest";
import { MOST_MS, playDays } from "./gamedays/play-days.ts";

test(
  "those that wait for retries, release infrastructure, kill a deploy, or are two at once",
  async () => {
    await playDays(["two-faults", "table-throttled", "dead-lock", "bad-infrastructure"]);
  },
  MOST_MS,
);
