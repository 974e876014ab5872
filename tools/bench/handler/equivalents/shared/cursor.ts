import { createHmac, timingSafeEqual } from "node:crypto";
import { config } from "./config.ts";
import { Problem } from "./problem.ts";

/** Where a page ended. */
export interface ListPosition {
  readonly createdAt: string;
  readonly id: string;
}

/** A cursor that nobody but us can make, for one list. */
export function encodeCursor(list: string, { createdAt, id }: ListPosition): string {
  const payload = Buffer.from(JSON.stringify([list, createdAt, id])).toString("base64url");
  return `${payload}.${sign(payload).toString("base64url")}`;
}

/** @throws Problem 400 when the cursor is not ours or belongs to another list */
export function decodeCursor(list: string, cursor: string): ListPosition {
  const [payload = "", signature = ""] = cursor.split(".");
  const expected = sign(payload);
  const given = Buffer.from(signature, "base64url");
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw invalid("Must be the nextCursor of a page, unchanged");
  }
  const [ofList, createdAt, id]: [string, string, string] = JSON.parse(Buffer.from(payload, "base64url").toString());
  if (ofList !== list) {
    throw invalid("Belongs to another list");
  }
  return { createdAt, id };
}

function sign(payload: string): Buffer {
  return createHmac("sha256", config.cursorKey).update(payload).digest();
}

function invalid(detail: string): Problem {
  return new Problem("invalid-request", "The cursor is not valid.", { errors: [{ detail, parameter: "cursor" }] });
}
