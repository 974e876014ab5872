import { expect, test } from "vitest";
import { Row } from "../discovery/row.ts";
import type { Compiled } from "../plan/compiled.ts";
import { dedupStage, MAX_SORTED_ROWS } from "./dedup-stage.ts";
import { groupStage, MAX_GROUPS } from "./group-stage.ts";
import type { MakeStage, Run } from "./sink.ts";
import { TopRows } from "./top-rows.ts";

// What a query holds on to must not grow with what it reads.

const nothing = () => undefined;
const value: Compiled = { type: "raw", get: (row) => row.slot(0, nothing) };
const rowOf = (number: number) => new Row(undefined, [number]);

function pushAll(make: MakeStage, count: number): void {
  const run: Run = { matched: 0, isEnough: false, room: { values: 0 } };
  const stage = make({ push: () => {}, end: () => {} }, run);
  for (let index = 0; index < count; index++) {
    stage.push(rowOf(index));
  }
}

test("stats makes a limited number of groups, and says so", () => {
  const grouping = groupStage({ by: [value], begin: [], columns: [] });
  expect(() => pushAll(grouping, MAX_GROUPS)).not.toThrow();
  expect(() => pushAll(grouping, MAX_GROUPS + 1)).toThrow(`stats has made more than ${MAX_GROUPS} groups`);
});

test("dedup of sorted rows holds a limited number of them, and says so", () => {
  const stage = dedupStage([value], [{ key: value, descending: true }], 10);
  expect(() => pushAll(stage, MAX_SORTED_ROWS + 1)).toThrow(`more than ${MAX_SORTED_ROWS} different values`);
});

test("the first rows of an order are found in any order of arrival, holding twice as many at most", () => {
  const top = new TopRows([{ key: value, descending: false }], 3);
  for (let index = 0; index < 1000; index++) {
    top.add(rowOf((index * 7919) % 1000));
  }
  expect(top.take().map((row) => row.slot(0, nothing))).toEqual([0, 1, 2]);
  expect(top.most).toBeLessThanOrEqual(6);
});
