import type { ItemStore } from "../store/item-store.ts";

/** A request as the operations see it: an API Gateway event (REST, format 1.0) without its nulls and duplicates. */
export interface ApiRequest {
  method: string;
  /** The path below the stage, as received. */
  path: string;
  /** Lower-case names; several values of one header are joined by a comma (RFC 9110, section 5.3). */
  headers: ReadonlyMap<string, string>;
  query: ReadonlyMap<string, readonly string[]>;
  /** As API Gateway hands it over: text, or base64 of what is no text. */
  body: string;
  isBase64Encoded: boolean;
  /** Who the gateway's authorizer says is asking; absent where nobody is asked who they are. */
  principal?: string | undefined;
}

export interface ApiResponse {
  status: number;
  headers?: Record<string, string>;
  /** Sent as JSON; no body when absent. */
  body?: unknown;
}

/** What the operations need from outside. */
export interface Services {
  store: ItemStore;
  now: () => Date;
  newId: () => string;
  /** The secret that list cursors are signed with. */
  cursorKey: string;
}

/**
 * One endpoint. `id` is the value of `{id}` in the route's path, and empty where the route has none.
 *
 * @throws {Problem} for every answer that is not a success
 */
export type Operation = (request: ApiRequest, services: Services, id: string) => Promise<ApiResponse>;
