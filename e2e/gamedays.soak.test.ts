import { afterAll, beforeAll, expect, test } from "vitest";
import { clonedGround, type GameGround, MOST_MS, playDays } from "./gamedays/play-days.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/** Those that need no more of Terraform than what brings the environment up, and one release that is to blame for several. */
const DAYS = [
  ...["bad-release", "slow-release", "memory-leak", "cold-start-storm"],
  ...["table-unreachable", "corrupted-data", "permission-revoked", "alarm-deleted", "poisoned-input", "traffic-spike"],
];

// On the production of this repository; on a small one: gamedays.test.ts.
const folder = temporaryFolder("gamedays");
let ground: GameGround;

beforeAll(async () => {
  ground = await clonedGround(folder.path);
});

afterAll(() => folder.remove());

test(
  "each fault is found, called what the guide calls it, cured or its cure named, and over",
  async () => {
    const reports = await playDays(ground, DAYS);

    const rolledBack = reports.filter(({ grades }) => grades.some(({ name }) => name === "mitigated"));
    expect(rolledBack.map(({ name }) => name)).toEqual(DAYS.slice(0, 4));
  },
  MOST_MS,
);

test(
  "and so are those that wait for retries, release infrastructure, kill a deploy, or are two at once",
  async () => {
    await playDays(ground, ["dead-lock", "bad-infrastructure", "two-faults", "table-throttled"]);
  },
  MOST_MS,
);
