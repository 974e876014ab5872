import type { Verdict } from "@slipway/contracts";
import { expect } from "vitest";
import type { ShopVersion } from "./shop-code.ts";
import { readAlias, type ShopPlace, ShopRelease } from "./shop-release.ts";

/** Releases a bad version of a shop, while users are there, and expects that it is put back within the canary's first stage. */
export async function releaseBad(
  place: ShopPlace,
  functionName: string,
  version: ShopVersion,
  settings: ConstructorParameters<typeof ShopRelease>[3],
): Promise<{ readonly stopped: Awaited<ReturnType<ShopRelease["run"]>>; readonly verdict: Verdict | undefined }> {
  const release = new ShopRelease(place, functionName, version, {
    steps: [{ percent: 10, holdSeconds: 300 }],
    ...settings,
  });
  const stopped = await release.run();
  expect(stopped).toMatchObject({ step: "traffic.judge.10", outcome: "failed" });
  expect(await readAlias(place, functionName)).toEqual({ version: "1", weights: {} });
  const verdict = release.verdicts().at(-1)?.verdict;
  expect(verdict).toMatchObject({ status: "failed" });
  return { stopped, verdict };
}
