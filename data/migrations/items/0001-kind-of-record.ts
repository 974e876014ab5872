import { defineMigration } from "@slipway/contracts";

export const migration = defineMigration({
  id: "0001-kind-of-record",
  phase: "expand",
  description:
    "Gives each item the kind item: items share their table with records of other kinds, all of which have one.",
  backfill: {
    select: { missing: ["kind"] },
    change: (record) => ({ ...record, kind: "item" }),
  },
  // Whatever has no kind is an item. If something else ever got in without one, this says so instead of leaving a false item behind.
  verify: ({ kind, id }) =>
    kind === "item" && !/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(id))
      ? "is of kind item, and its id is no UUID"
      : undefined,
});
