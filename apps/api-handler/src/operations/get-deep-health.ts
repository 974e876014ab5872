import type { Operation } from "../http/api.ts";

/** Costs half a read unit: it says that the table answers, too, and that the role may read it. Its failure is a 503, as any other request's. */
export const getDeepHealth: Operation = async (_, { store }) => {
  await store.check();
  return { status: 200, body: { status: "ok", checks: { table: "ok" } } };
};
