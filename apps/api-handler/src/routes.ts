import type { Operation } from "./http/api.ts";
import { createItem } from "./operations/create-item.ts";
import { deleteItem } from "./operations/delete-item.ts";
import { getDeepHealth } from "./operations/get-deep-health.ts";
import { getHealth } from "./operations/get-health.ts";
import { getItem } from "./operations/get-item.ts";
import { listItems } from "./operations/list-items.ts";
import { patchItem } from "./operations/patch-item.ts";
import { replaceItem } from "./operations/replace-item.ts";

export interface Route {
  method: string;
  /** The path's template; at most one `{id}`. */
  path: string;
  /** The operation's name in logs. */
  name: string;
  run: Operation;
}

/** The whole API. */
export const routes: readonly Route[] = [
  { method: "POST", path: "/items", name: "createItem", run: createItem },
  { method: "GET", path: "/items", name: "listItems", run: listItems },
  { method: "GET", path: "/items/{id}", name: "getItem", run: getItem },
  { method: "PUT", path: "/items/{id}", name: "replaceItem", run: replaceItem },
  { method: "PATCH", path: "/items/{id}", name: "patchItem", run: patchItem },
  { method: "DELETE", path: "/items/{id}", name: "deleteItem", run: deleteItem },
  { method: "GET", path: "/health", name: "getHealth", run: getHealth },
  { method: "GET", path: "/health/deep", name: "getDeepHealth", run: getDeepHealth },
];
