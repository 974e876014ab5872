import type { ApiRequest } from "../http/api.ts";
import { invalid, type ProblemDetail } from "../http/problem.ts";
import type { ListOrder, ListQuery } from "../store/item-store.ts";
import { ITEM_STATUSES } from "./item.ts";
import { LIMITS } from "./limits.ts";
import { decodeCursor } from "./list-cursor.ts";

/** The orders that a list can be read in, by creation time. */
export const LIST_ORDERS = ["newest", "oldest"] as const satisfies readonly ListOrder[];

const { default: DEFAULT_LIMIT, largest: LARGEST_LIMIT } = LIMITS.page;

const PARAMETERS = ["status", "order", "limit", "cursor"];

/**
 * Reads the query string of a list request.
 *
 * @param cursorKey the secret that cursors are signed with
 * @throws {Problem} 400 when a parameter is unknown, invalid or given twice
 */
export function readListQuery(request: ApiRequest, cursorKey: string): ListQuery {
  const errors: ProblemDetail[] = [];
  const refuse = (parameter: string, detail: string) => void errors.push({ detail, parameter });

  for (const [name, values] of request.query) {
    if (!PARAMETERS.includes(name)) refuse(name.toWellFormed().slice(0, 100), "Unknown parameter");
    else if (values.length > 1) refuse(name, "Must be given once");
  }
  const one = (name: string) => request.query.get(name)?.[0];
  function choice<T extends string>(name: string, choices: readonly T[], byDefault: T): T {
    const value = one(name) ?? byDefault;
    const chosen = choices.find((each) => each === value);
    if (chosen === undefined) refuse(name, `Must be one of ${choices.join(", ")}`);
    return chosen ?? byDefault;
  }

  const list = {
    status: choice("status", ITEM_STATUSES, "active"),
    order: choice("order", LIST_ORDERS, "newest"),
  };
  const digits = one("limit") ?? String(DEFAULT_LIMIT);
  const limit = /^[1-9]\d{0,2}$/.test(digits) ? Number(digits) : 0;
  if (limit < 1 || limit > LARGEST_LIMIT) refuse("limit", `Must be a whole number from 1 to ${LARGEST_LIMIT}`);
  const cursor = one("cursor");
  if (cursor !== undefined && cursor.length > LIMITS.cursor.length) {
    refuse("cursor", `Must have at most ${LIMITS.cursor.length} characters`);
  }

  if (errors.length > 0) throw invalid("The query string has", errors);
  return { ...list, limit, after: cursor === undefined ? undefined : decodeCursor(cursorKey, list, cursor) };
}
