import * as z from "zod/mini";
import type { ApiRequest } from "./api.ts";
import { ITEM_STATUSES } from "./item.ts";
import type { ListQuery } from "./item-store.ts";
import { decodeCursor } from "./list-cursor.ts";
import { validate } from "./validate.ts";

const DEFAULT_LIMIT = 20;
const MAX_CURSOR_LENGTH = 500;

const listQuerySchema = z.strictObject({
  status: z._default(z.enum(ITEM_STATUSES), "active"),
  limit: z._default(
    z.pipe(
      z.string().check(z.regex(/^([1-9]\d?|100)$/, "Must be a whole number from 1 to 100")),
      z.transform((digits) => Number(digits)),
    ),
    DEFAULT_LIMIT,
  ),
  cursor: z.optional(z.string().check(z.maxLength(MAX_CURSOR_LENGTH))),
});

/** @throws {Problem} 400 when a parameter is unknown, invalid or given twice */
export function readListQuery(request: ApiRequest): ListQuery {
  // A parameter that is given twice stays a list here, and a list is not valid for any of them.
  const parameters = [...request.query].map(([name, values]) => [name, values.length === 1 ? values[0] : values]);
  const { status, limit, cursor } = validate(listQuerySchema, Object.fromEntries(parameters), "query");
  return { status, limit, after: cursor === undefined ? undefined : decodeCursor(cursor, status) };
}
