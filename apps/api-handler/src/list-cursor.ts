import * as z from "zod/mini";
import type { ItemStatus } from "./item.ts";
import type { ListPosition } from "./item-store.ts";
import { Problem } from "./problem.ts";

/** A cursor is a promise to clients; a change of its meaning gets another number. */
const FORMAT = 1;

const cursorSchema = z.tuple([z.literal(FORMAT), z.string(), z.iso.datetime(), z.uuid()]);

/** Writes a place in the list of `status` as an opaque, URL-safe string. */
export function encodeCursor(status: ItemStatus, { createdAt, id }: ListPosition): string {
  return Buffer.from(JSON.stringify([FORMAT, status, createdAt, id])).toString("base64url");
}

/** @throws {Problem} 400 when the cursor is not ours or belongs to the list of another status */
export function decodeCursor(cursor: string, status: ItemStatus): ListPosition {
  const parsed = cursorSchema.safeParse(parseJson(Buffer.from(cursor, "base64url").toString()));
  if (!parsed.success) throw invalidCursor("Must be the nextCursor of a page, unchanged");
  const [, cursorStatus, createdAt, id] = parsed.data;
  if (cursorStatus !== status) throw invalidCursor("Belongs to the list of another status");
  return { createdAt, id };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function invalidCursor(detail: string): Problem {
  return new Problem("invalid-request", "The query string has 1 invalid field.", {
    errors: [{ detail, parameter: "cursor" }],
  });
}
