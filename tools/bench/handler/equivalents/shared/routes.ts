/** What each method of each path is called in logs and metrics. */
export const operations: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "/items": { POST: "createItem", GET: "listItems" },
  "/items/{id}": { GET: "getItem", PUT: "replaceItem", PATCH: "patchItem", DELETE: "deleteItem" },
  "/health": { GET: "getHealth" },
  "/health/deep": { GET: "getDeepHealth" },
};

/** The `Allow` header of a path. */
export function allowOf(path: string): string {
  return [...Object.keys(operations[path] ?? {}), "OPTIONS"].join(", ");
}
