import { expect, test } from "vitest";
import { surviveKills } from "./durability/survive-kills.ts";
import { surviveKillsInRestore } from "./durability/survive-kills-in-restore.ts";

test("kill -9 under write load, 20 times: every acknowledged write is there after the restart, and no function lives on", async () => {
  const { acknowledged } = await surviveKills(20);

  expect(Object.values(acknowledged).every((count) => count >= 200)).toBe(true);
});

test("kill -9 in the middle of a restore, 25 times: the state is that before or that after, and whole", async () => {
  expect(await surviveKillsInRestore(25)).toHaveLength(25);
});
