import { expect, test } from "vitest";
import { MOST_MS, playDays } from "./gamedays/play-days.ts";

/** Those that need no more of Terraform than what brings the environment up, and one release that is to blame for several. */
const DAYS = [
  ...["bad-release", "slow-release", "memory-leak", "cold-start-storm"],
  ...["table-unreachable", "corrupted-data", "permission-revoked", "alarm-deleted", "poisoned-input", "traffic-spike"],
];

test(
  "each fault is found, called what the guide calls it, cured or its cure named, and over",
  async () => {
    const reports = await playDays(DAYS);

    expect(reports.length).toBeGreaterThanOrEqual(10);
    const rolledBack = reports.filter(({ grades }) => grades.some(({ name }) => name === "mitigated"));
    expect(rolledBack.map(({ name }) => name)).toEqual(DAYS.slice(0, 4));
  },
  MOST_MS,
);
