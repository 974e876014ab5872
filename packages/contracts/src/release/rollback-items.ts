/** The lines of the guide's rollback checklist, in its order. */
export const rollbackItems = [
  "root-cause",
  "plan",
  "stakeholders",
  "executed",
  "verified",
  "monitored",
  "documented",
  "post-mortem",
] as const;

/** Those that people can say something about; the others are what the ledger has seen. */
export const notableItems = ["root-cause", "stakeholders", "monitored", "documented", "post-mortem"] as const;

export type RollbackItem = (typeof rollbackItems)[number];
export type NotableItem = (typeof notableItems)[number];
