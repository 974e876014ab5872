import { headerOf, type WireAnswer, type WireRequest } from "./wire.ts";

/** A page's cursor with the query that it came from: it belongs to that list. */
export interface KnownCursor {
  readonly cursor: string;
  readonly query: WireRequest["query"];
}

/** Enough to choose from; what is older is forgotten. */
const MOST = 200;

/**
 * What a client has learnt from answers, to be used in its next requests: ids and entity tags (of answers with an `id` and an `ETag`),
 * cursors (`nextCursor`), idempotency keys with the bodies that they came with.
 */
export class Memory {
  readonly ids: string[] = [];
  /** Ids of what was deleted. */
  readonly gone: string[] = [];
  readonly etags = new Map<string, string>();
  readonly cursors: KnownCursor[] = [];
  readonly keyed: { readonly key: string; readonly body: string }[] = [];

  learn(request: WireRequest, answer: WireAnswer): void {
    const { id, nextCursor } = jsonOf(answer);
    if (typeof id === "string") {
      if (!this.etags.has(id)) remember(this.ids, id);
      this.etags.set(id, answer.headers.get("etag") ?? "");
    }
    if (request.method === "DELETE" && answer.status === 204) this.#forget(request.path);
    if (typeof nextCursor === "string") {
      const query = request.query.filter(([name]) => name !== "cursor");
      remember(this.cursors, { cursor: nextCursor, query });
    }
    const key = headerOf(request, "Idempotency-Key");
    if (key !== undefined && answer.status === 201 && typeof request.body === "string") {
      remember(this.keyed, { key, body: request.body });
    }
  }

  #forget(path: string): void {
    const index = this.ids.findIndex((id) => path.split("/").includes(id));
    remember(this.gone, ...this.ids.splice(index, index < 0 ? 0 : 1));
  }
}

function jsonOf({ headers, body }: WireAnswer): { id?: unknown; nextCursor?: unknown } {
  // A gateway names a type also where there is no body.
  return headers.get("content-type") === "application/json" && body !== "" ? JSON.parse(body) : {};
}

function remember<T>(known: T[], ...ones: T[]): void {
  known.push(...ones);
  if (known.length > MOST) known.shift();
}
