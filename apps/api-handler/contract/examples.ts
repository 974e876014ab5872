/** Bodies of answers, as examples in the contract; a test holds each against its schema. */
export const examples = {
  item: {
    id: "0f8fad5b-d9cb-469f-a165-70867728950e",
    name: "Blue bicycle",
    description: "Seven gears, one owner.",
    status: "active",
    attributes: { colour: "blue", gears: 7, boxed: false },
    createdAt: "2026-11-28T09:30:00.000Z",
    updatedAt: "2026-11-28T09:30:00.000Z",
    version: 1,
  },
  page: {
    items: [
      {
        id: "0f8fad5b-d9cb-469f-a165-70867728950e",
        name: "Blue bicycle",
        status: "active",
        createdAt: "2026-11-28T09:30:00.000Z",
        updatedAt: "2026-11-28T09:30:00.000Z",
        version: 1,
      },
    ],
    nextCursor: "WzIsImFjdGl2ZSJd.kQ3w0mVnW1rT5bUe8yXo2A",
  },
  health: { status: "ok" },
  deepHealth: { status: "ok", checks: { table: "ok" } },
} as const;

/** A problem as an example of its kind. */
export function problemExample(type: string, title: string, status: number) {
  return {
    type,
    title,
    status,
    detail: "What happened this time, and what to do about it.",
    instance: "/items",
    requestId: "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
  };
}
