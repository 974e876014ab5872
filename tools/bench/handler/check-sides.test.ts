import { expect, test } from "vitest";
import { withCleanup } from "../support/cleanup.ts";
import { buildSides } from "./build-sides.ts";
import { checkSides } from "./check-sides.ts";

test("every side that is compared is the whole API: the same answers to the same requests", async () => {
  const { signal } = new AbortController();

  const findings = await withCleanup(async (cleanup) =>
    checkSides(await buildSides(await cleanup.temporaryFolder("sides"), signal), signal),
  );

  expect(findings).toEqual({ ours: [], powertools: [], hono: [], express: [] });
});
