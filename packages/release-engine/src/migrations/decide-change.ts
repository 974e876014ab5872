import { type DocumentRecord, type DocumentValue, ExactNumber, type Migration } from "@slipway/contracts";
import type { RecordChange, TableShape } from "../ports/migration-table.ts";
import { ReleaseError } from "../release-error.ts";
import { frozenCopy } from "./frozen-copy.ts";
import { matchesFilter } from "./matches-filter.ts";
import { sameValue } from "./same-value.ts";

/** DynamoDB takes 300 operators and functions in an expression; each attribute needs a comparison and an AND. */
const MOST_ATTRIBUTES = 148;

/**
 * Decides what a migration does to a record.
 *
 * The change is guarded by everything that it was decided by: the value of every attribute of the record, and the absence of every
 * attribute that was looked for by name and not found (by the filter or by `change` itself) or is about to be made. Whoever writes it on
 * these conditions cannot undo what somebody else has written since.
 *
 * A `change` that asks what there is (`Object.keys`, `for ... in`) looks for no name, and no condition can say "and nothing else": an
 * attribute that somebody adds meanwhile stays, and is decided about when the record is looked at again. It cannot be refused, because a copy
 * (`{ ...record }`) asks in the same way.
 *
 * @returns undefined when the record is as it has to be
 * @throws {ReleaseError} when `change` breaks its promises: it throws, changes the key, returns what no table can hold, or wants to change
 *   its own result again
 */
export function decideChange(
  migration: Migration,
  shape: TableShape,
  record: DocumentRecord,
): RecordChange | undefined {
  const decided = apply(migration, shape, record);
  if (decided === undefined) {
    return undefined;
  }
  const { after, absent } = decided;
  const names = Object.keys(record);
  const set = Object.fromEntries(
    Object.entries(after).filter(([name, value]) => !(Object.hasOwn(record, name) && sameValue(record[name], value))),
  );
  const remove = names.filter((name) => !Object.hasOwn(after, name));
  if (Object.keys(set).length === 0 && remove.length === 0) {
    return undefined;
  }
  for (const name of keyNames(shape)) {
    if (Object.hasOwn(set, name) || remove.includes(name)) {
      throw broken(migration, shape, record, `it changes ${name}, which is the record's key`);
    }
  }
  const guarded = new Set([...absent, ...Object.keys(set).filter((name) => !Object.hasOwn(record, name))]);
  if (names.length + guarded.size > MOST_ATTRIBUTES) {
    const why = `the record has ${names.length} attributes, and a condition can guard ${MOST_ATTRIBUTES}`;
    throw broken(migration, shape, record, why);
  }
  const again = apply(migration, shape, after);
  if (again !== undefined && !sameValue(again.after as DocumentValue, after as DocumentValue)) {
    throw broken(migration, shape, record, "it wants to change its own result again, so it would never be done");
  }
  return { before: record, absent: [...guarded], set, remove };
}

/** The names of the attributes that are a record's key. */
export function keyNames({ partitionKey, sortKey }: TableShape): readonly string[] {
  return sortKey === undefined ? [partitionKey] : [partitionKey, sortKey];
}

/** A record's key. */
export function keyOf(shape: TableShape, record: DocumentRecord): DocumentRecord {
  return Object.fromEntries(keyNames(shape).map((name) => [name, record[name] ?? null]));
}

function apply(
  migration: Migration,
  shape: TableShape,
  record: DocumentRecord,
): { after: DocumentRecord; absent: ReadonlySet<string> } | undefined {
  const { select, change } = migration.backfill;
  if (!matchesFilter(record, select)) {
    return undefined;
  }
  const absent = new Set(select?.missing ?? []);
  const looked = new Proxy(frozenCopy(record as DocumentValue) as DocumentRecord, {
    get(target, name, receiver) {
      note(target, name);
      return Reflect.get(target, name, receiver);
    },
    has(target, name) {
      note(target, name);
      return Reflect.has(target, name);
    },
    getOwnPropertyDescriptor(target, name) {
      note(target, name);
      return Reflect.getOwnPropertyDescriptor(target, name);
    },
  });
  function note(target: object, name: string | symbol): void {
    if (typeof name === "string" && !Object.hasOwn(target, name)) {
      absent.add(name);
    }
  }
  let after: unknown;
  try {
    after = change(looked);
  } catch (cause) {
    const why = `its change threw ${cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)}`;
    throw broken(migration, shape, record, why, cause);
  }
  if (after === undefined) {
    return undefined;
  }
  const wrong = whatIsWrong(after, "");
  if (wrong !== undefined || typeof after !== "object" || after === null || Array.isArray(after)) {
    throw broken(migration, shape, record, `its change returned ${wrong ?? "no record"}`);
  }
  return { after: { ...after } as DocumentRecord, absent };
}

/** What a table cannot hold, with its place. */
function whatIsWrong(value: unknown, path: string): string | undefined {
  const at = path === "" ? "" : ` as ${path}`;
  switch (typeof value) {
    case "string":
    case "boolean":
      return undefined;
    case "number":
      return Number.isFinite(value) ? undefined : `${value}${at}`;
    case "object":
      break;
    default:
      return `${value === undefined ? "undefined" : `a ${typeof value}`}${at}; leave an attribute out to remove it`;
  }
  if (value === null) {
    return path === "" ? "null" : undefined;
  }
  if (value instanceof ExactNumber || value instanceof Uint8Array) {
    return path === "" ? "no record" : undefined;
  }
  if (value instanceof Set) {
    return value.size === 0 ? `an empty set${at}` : undefined;
  }
  const prototype = Object.getPrototypeOf(value);
  if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) {
    return `a ${value.constructor?.name ?? "thing"}${at}`;
  }
  for (const [name, each] of Object.entries(value)) {
    const wrong = whatIsWrong(each, path === "" ? name : `${path}.${name}`);
    if (wrong !== undefined) {
      return wrong;
    }
  }
  return undefined;
}

function broken(migration: Migration, shape: TableShape, record: DocumentRecord, why: string, cause?: unknown) {
  return new ReleaseError(
    {
      kind: "failed",
      what: `${migration.id} cannot change the record ${JSON.stringify(keyOf(shape, record))} of ${shape.name}`,
      why,
      next: "correct the migration, then type the same command again: a changed migration that is not done begins anew",
    },
    cause === undefined ? {} : { cause },
  );
}
