import { expect } from "vitest";
import { releaseWithTraffic, unfinishedRelease } from "../release/standing-releases.ts";
import type { ReleaseLab } from "./release-lab.ts";

/** Holds what a release has left behind against its ledger: nothing is half done, and nobody holds anything. */
export async function expectWhole(lab: ReleaseLab): Promise<void> {
  // Reading checks the chain.
  const records = await lab.records();
  expect(unfinishedRelease(records)?.id).toBeUndefined();
  expect((await lab.ledger.head())?.lease).toBeNull();
  expect(records.filter(({ state }) => state === "live")).toHaveLength(1);

  const live = releaseWithTraffic(records);
  const { functions, changes, state } = lab.world;
  for (const [name, { alias, versions, configurations }] of Object.entries(functions)) {
    const released = live?.functions.find((each) => each.name === name);
    expect({ name, ...alias }).toEqual({ name, version: Number(released?.version), weights: {} });
    expect(versions[alias.version - 1]).toBe(released?.artifactSha256);
    const contents = versions.map((code, index) => `${code} ${configurations[index]}`);
    expect(new Set(contents).size, `${name} was published twice from the same code`).toBe(versions.length);
  }
  const applied = changes.filter((change) => change === "apply").length;
  expect(applied).toBeLessThanOrEqual(records.length);
  expect(state.serial).toBe(applied + 1);
  const applies = records.map(({ steps }) => steps.get("infrastructure.apply")).filter((step) => step !== undefined);
  const recorded = applies.flatMap(({ result }) => (result as { stateSerial: number } | undefined)?.stateSerial ?? []);
  // Whoever was killed in an apply, and put back instead of resumed, may have done it or not: the ledger says just that.
  const inDoubt = applies.at(-1)?.state === "started" ? 1 : 0;
  expect(state.serial).toBeGreaterThanOrEqual(recorded.at(-1) ?? 1);
  expect(state.serial).toBeLessThanOrEqual((recorded.at(-1) ?? 1) + inDoubt);
}
