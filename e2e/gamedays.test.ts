import { expect, test } from "vitest";
import { MOST_MS, playDays } from "./gamedays/play-days.ts";
import { shopRepository } from "./gamedays/shop-repository.ts";

const DAYS = [
  ...["bad-release", "slow-release", "memory-leak", "cold-start-storm"],
  ...["table-unreachable", "corrupted-data", "permission-revoked", "alarm-deleted", "poisoned-input", "two-faults"],
];

// On a small shop, whose environment is up in seconds, and whose stage has no access log to see refused requests in; on the production of this repository, and those that take longer: gamedays.soak.test.ts.
test(
  "game days: each fault is found, called what the guide calls it, cured or its cure named, and over",
  async () => {
    const shop = shopRepository();
    try {
      const reports = await playDays({ repository: shop.path, environment: "live", home: shop.path }, DAYS);

      const rolledBack = reports.filter(({ grades }) => grades.some(({ name }) => name === "mitigated"));
      expect(rolledBack.map(({ name }) => name)).toEqual([...DAYS.slice(0, 4), "two-faults"]);
    } finally {
      shop.remove();
    }
  },
  MOST_MS,
);
