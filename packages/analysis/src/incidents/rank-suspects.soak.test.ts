import { expect, it } from "vitest";
import {
  expectGuiltyFirst,
  expectGuiltyFirstWithRollbacks,
  expectNobodySuspected,
  kindsIn,
} from "./test/judged-histories.ts";

const HISTORIES = 200;

it(`puts the guilty release first in at least 95 % of ${HISTORIES} made-up histories`, () => {
  expect(kindsIn(expectGuiltyFirst(HISTORIES))).toBe(14);
});

it(`suspects nobody in at least 95 % of ${HISTORIES} histories where no release is the cause`, () => {
  expectNobodySuspected(HISTORIES, { withRollbacks: false });
});

it(`puts it first in at least 95 % of ${HISTORIES} histories in which releases were rolled back`, () => {
  expect(kindsIn(expectGuiltyFirstWithRollbacks(HISTORIES))).toBe(15);
});

it(`suspects nobody in at least 95 % of ${HISTORIES} such histories where no release is the cause`, () => {
  expectNobodySuspected(HISTORIES, { withRollbacks: true });
});
