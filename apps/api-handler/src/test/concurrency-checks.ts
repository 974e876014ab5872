import { setTimeout as sleep } from "node:timers/promises";
import type { FaultRule } from "@slipway/local-aws";
import { expect } from "vitest";
import { ITEM_KIND } from "../store/item-record.ts";
import { judgeHistory } from "./history/judge-history.ts";
import { makeHistory } from "./history/make-history.ts";
import { type FaultRates, plantAllFaults, TIMEOUT_MS } from "./plant-all-faults.ts";
import { type RaceOptions, raceWriters } from "./race-writers.ts";
import { retryCreation } from "./retry-creation.ts";
import type { FaultyApi } from "./start-faulty-api.ts";

/** Share of calls of the transaction whose answer is lost, and of those that are dropped before. */
const LOSS = 0.05;
/** Where a test prints its figures, so that a run of the soak tests says what it has seen. */
const report = (figures: object) => console.log(JSON.stringify(figures));

/** Each version of an item is the work of one accepted update, and no update is accepted for nothing. */
export async function expectOneWinnerPerVersion(api: FaultyApi, options: Omit<RaceOptions, "origin">): Promise<void> {
  const race = await raceWriters({ ...options, origin: api.origin });
  report({ race: options, tried: race.tried, accepted: race.accepted.length, refused: race.refused });

  expect(race.other).toEqual([]);
  expect(race.refused).toBeGreaterThan(0);
  expect(race.accepted.length).toBeGreaterThanOrEqual(options.updates);
  expect(race.version).toBe(1 + race.accepted.length);
  expect(race.accepted.sort((one, other) => one - other)).toEqual(race.accepted.map((_, index) => index + 2));
  expect(race.name).toBe(race.lastName);
}

/** One creation under one key is one item and one note, and all are told the same. */
export async function expectOneCreation(api: FaultyApi, { clients }: { clients: number }): Promise<void> {
  const before = new Set((await api.records()).map(({ id }) => id?.S));
  await api.table.plant({ kind: "lost-answer", operation: "TransactWriteItems", rate: LOSS });
  await api.table.plant({ kind: "drop", operation: "TransactWriteItems", rate: LOSS });
  const body = { name: "once", description: "x".repeat(2_000) };
  const key = `once-${clients}`;
  const times = { hangUpRate: 0.6, hangUpWithinMs: clients * 4 };
  const { tries, dropped, unavailable, answers } = await retryCreation({
    origin: api.origin,
    clients,
    key,
    body,
    ...times,
  });
  await api.table.heal();
  report({ retries: clients, tries, dropped, unavailable });

  expect(dropped).toBeGreaterThan(0);
  expect(new Set(answers.map(({ status, body: item }) => `${status} ${item}`)).size).toBe(1);
  expect(answers[0]?.status).toBe(201);
  expect(answers.filter(({ headers }) => !headers.has("idempotent-replayed")).length).toBeLessThanOrEqual(1);
  const added = (await api.records()).filter(({ id }) => !before.has(id?.S));
  expect(added.map(({ kind }) => kind?.S).sort()).toEqual(["idempotency", ITEM_KIND]);
  expect(added.find(({ kind }) => kind?.S === ITEM_KIND)?.id?.S).toBe(JSON.parse(answers[0]?.body ?? "").id);
}

/** After a history of faults the table holds what was acknowledged. */
export async function expectNothingLost(
  api: FaultyApi,
  { clients, steps, faults, ...rates }: FaultRates & { clients: number; steps: number; faults: number },
): Promise<void> {
  await plantAllFaults(api.table, rates);
  const history = await makeHistory({ origin: api.origin, clients, steps });
  const hits = hitsOf(await api.table.faults());
  await api.table.heal();
  // What is late still comes, and must not undo anything.
  await sleep(TIMEOUT_MS);
  const writes = [...history.creations, ...history.changes, ...history.deletions];
  const outcomes = Object.fromEntries(
    [...Map.groupBy(writes, ({ outcome }) => outcome)].map(([outcome, all]) => [outcome, all.length]),
  );
  report({ clients, steps, hits, outcomes });

  expect(Object.values(hits).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(faults);
  expect(outcomes.acknowledged).toBeGreaterThan(writes.length / 4);
  // The items of earlier tests have no key.
  const records = (await api.records()).filter(({ attributes }) => attributes?.M?.key !== undefined);
  expect(judgeHistory(history, records)).toEqual([]);
}

/** How often each kind of fault has hit. */
function hitsOf(faults: readonly FaultRule[]): Record<string, number> {
  const byKind = [...Map.groupBy(faults, ({ kind }) => kind)];
  return Object.fromEntries(byKind.map(([kind, rules]) => [kind, rules.reduce((sum, { hits }) => sum + hits, 0)]));
}
