import { describe, expect, it, test } from "vitest";
import { type RestoreOptions, restoreWish } from "./restore-options.ts";

const backup = "arn:aws:dynamodb:us-east-1:123456789012:table/items-prod/backup/01732800000000-1a2b3c4d";

test("a second is taken with its time zone, and the table before is kept for a month", () => {
  expect(restoreWish({ toTime: "2026-11-28T17:15:00+01:00" })).toEqual({
    ...{ to: { time: "2026-11-28T16:15:00.000Z" }, keptMs: 30 * 86_400_000 },
  });
  expect(restoreWish({ backup, keepFor: "7d" })).toEqual({ to: { backup }, keptMs: 7 * 86_400_000 });
});

describe("it is refused", () => {
  it.each<[string, RestoreOptions, string]>([
    ["neither a time nor a backup", {}, "--to-time, --backup: give one of them"],
    ["both", { toTime: "2026-11-28T16:15:00Z", backup }, "--to-time, --backup: give one of them"],
    ["a time without its zone", { toTime: "2026-11-28T16:15:00" }, "--to-time: '2026-11-28T16:15:00' is no second"],
    ["a fraction of a second", { toTime: "2026-11-28T16:15:00.5Z" }, "--to-time: "],
    ["a day that does not exist", { toTime: "2026-13-28T16:15:00Z" }, "--to-time: "],
    ["the name of a backup", { backup: "nightly" }, "--backup: 'nightly' is no ARN of a backup"],
    [
      "a loss that a dry run does not bring",
      { backup, dryRun: true, acceptLostWrites: true },
      "--accept-lost-writes: ",
    ],
    ["a time to be kept that is none", { backup, keepFor: "soon" }, "--keep-for"],
  ])("%s", (_, options, message) => {
    expect(() => restoreWish(options)).toThrow(message);
  });
});
