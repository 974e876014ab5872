import { createHash } from "node:crypto";
import type { ApiRequest } from "../http/api.ts";
import { Problem } from "../http/problem.ts";
import type { IdempotentRequest } from "../store/item-store.ts";
import type { ItemContent } from "./item.ts";
import { LIMITS } from "./limits.ts";

const KEY = new RegExp(`^[\\x21-\\x7e]{1,${LIMITS.idempotencyKey.length}}$`);

/**
 * Reads the `Idempotency-Key` of a creation: whoever repeats a request under the same key gets the first answer, and nothing happens
 * twice. Keys of different clients are different, where the gateway knows who is asking.
 *
 * @returns nothing without the header
 * @throws {Problem} 400 when the key is not made of 1 to 255 visible ASCII characters
 * @see https://datatracker.ietf.org/doc/draft-ietf-httpapi-idempotency-key-header/
 */
export function readIdempotentRequest(request: ApiRequest, content: ItemContent): IdempotentRequest | undefined {
  const key = request.headers.get("idempotency-key");
  if (key === undefined) return undefined;
  if (!KEY.test(key)) {
    throw new Problem("invalid-request", "The Idempotency-Key header is not valid.", {
      errors: [
        {
          detail: `Must have 1 to ${LIMITS.idempotencyKey.length} visible ASCII characters, without spaces`,
          header: "Idempotency-Key",
        },
      ],
    });
  }
  return {
    id: digest(JSON.stringify(["createItem", request.principal ?? "", key])),
    fingerprint: digest(canonical(content)),
  };
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** JSON with the members in the order of their names, so that the order in which a client writes them makes no difference. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([left], [right]) => (left < right ? -1 : 1)))
      : member,
  );
}
