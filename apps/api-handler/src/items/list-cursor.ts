import { createHmac, timingSafeEqual } from "node:crypto";
import { invalid, type Problem } from "../http/problem.ts";
import type { ListPosition, ListQuery } from "../store/item-store.ts";

/** A cursor is a promise to clients; a change of its meaning gets another number. */
const FORMAT = 2;

/** 16 bytes: nobody guesses that in the lifetime of a key, and a link stays short. */
const MAC_BYTES = 16;

/** The list that a cursor belongs to: where another one has the same place, it is another place. */
type ListOfCursor = Pick<ListQuery, "status" | "order">;

/**
 * Writes a place in a list as an opaque, URL-safe string that only this API can write.
 *
 * @param key the secret that the API's instances share
 */
export function encodeCursor(key: string, { status, order }: ListOfCursor, { createdAt, id }: ListPosition): string {
  const content = Buffer.from(JSON.stringify([FORMAT, status, order, createdAt, id])).toString("base64url");
  return `${content}.${sign(key, content)}`;
}

/** @throws {Problem} 400 when the cursor is not ours, has been changed, or belongs to another list */
export function decodeCursor(key: string, { status, order }: ListOfCursor, cursor: string): ListPosition {
  const [content = "", mac = "", ...more] = cursor.split(".");
  // The texts are compared, not the bytes that they decode to: several texts decode to the same bytes.
  if (more.length > 0 || !isEqual(mac, sign(key, content))) {
    throw invalidCursor("Must be the nextCursor of a page, unchanged");
  }
  const parsed: unknown = JSON.parse(Buffer.from(content, "base64url").toString());
  const [format, cursorStatus, cursorOrder, createdAt, id] = parsed as [number, string, string, string, string];
  if (format !== FORMAT) throw invalidCursor("Is of another version of the API: begin at the first page");
  if (cursorStatus !== status || cursorOrder !== order) {
    throw invalidCursor(`Belongs to the list with status=${cursorStatus} and order=${cursorOrder}`);
  }
  return { createdAt, id };
}

function sign(key: string, content: string): string {
  return createHmac("sha256", key).update(content).digest().subarray(0, MAC_BYTES).toString("base64url");
}

function isEqual(left: string, right: string): boolean {
  const [one, other] = [Buffer.from(left), Buffer.from(right)];
  return one.length === other.length && timingSafeEqual(one, other);
}

function invalidCursor(detail: string): Problem {
  return invalid("The query string has", [{ detail, parameter: "cursor" }]);
}
