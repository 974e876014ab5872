import { expect } from "vitest";
import { readAlias, type ShopPlace, ShopRelease, useShop } from "./shop-release.ts";

/**
 * Releases a second version of a shop that is as good as the first, while users are there, and expects that nobody notices.
 *
 * @returns how many requests there were
 */
export async function releaseUnnoticed(
  place: ShopPlace,
  functionName: string,
  settings: ConstructorParameters<typeof ShopRelease>[3],
): Promise<number> {
  const release = new ShopRelease(place, functionName, { name: "second" }, settings);
  expect(await release.run()).toBeUndefined();
  expect(await readAlias(place, functionName)).toEqual({ version: "2", weights: {} });
  expect(await useShop(place.clients.lambda, functionName)).toBe('{"shop":"second"}');
  expect(release.traffic.failed).toBe(0);
  // What was counted is what was sent: both versions had traffic, and nobody else's was taken for it.
  const numbers = release.verdicts().map(({ verdict }) => verdict.numbers);
  const {
    errorsCandidateTotal = 0,
    errorsBaselineTotal = 0,
    answersCandidateTotal = 0,
  } = numbers.findLast((each) => "errorsCandidateTotal" in each) ?? {};
  expect(errorsCandidateTotal).toBeGreaterThan(0);
  expect(errorsCandidateTotal + errorsBaselineTotal).toBeLessThanOrEqual(release.traffic.requests);
  expect(answersCandidateTotal).toBeGreaterThanOrEqual(errorsCandidateTotal);
  return release.traffic.requests;
}
