import type { StoredObject } from "./object-version.ts";
import { invalidArgument } from "./s3-errors.ts";
import { isObject, type S3State } from "./s3-state.ts";
import type { RankedVersion } from "./version-table.ts";

/** Most entries on a page. */
const LARGEST_PAGE = 1000;
/** Follows every key with the same beginning. */
const LAST_CHARACTER = "\u{10FFFF}";

/** What to list. */
export interface ListRequest {
  readonly bucket: string;
  readonly prefix: string;
  readonly delimiter: string;
  /** Keys (or common prefixes) up to and including this one are left out. */
  readonly after: string;
  readonly limit: number;
}

/** A page of a listing. */
export interface ListPage {
  readonly objects: readonly StoredObject[];
  readonly commonPrefixes: readonly string[];
  /** The last key or common prefix on this page, when there are more. */
  readonly nextAfter?: string;
}

/**
 * Lists current objects in the order of their keys, rolling up keys that share a beginning up to the delimiter.
 * Reads about as many rows as it returns: a common prefix is jumped over, not walked through.
 *
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-prefixes.html
 */
export function listPage(state: S3State, request: ListRequest): ListPage {
  const { bucket, prefix, delimiter, limit } = request;
  const objects: StoredObject[] = [];
  const commonPrefixes: string[] = [];
  if (limit === 0) {
    return { objects, commonPrefixes };
  }
  let last = "";
  let found = firstAfter(state, request);
  while (found !== undefined) {
    const { version } = found;
    const { key } = version;
    if (!key.startsWith(prefix)) {
      break;
    }
    if (!isObject(version)) {
      found = state.versions.next(bucket, key);
      continue;
    }
    if (objects.length + commonPrefixes.length === limit) {
      return { objects, commonPrefixes, nextAfter: last };
    }
    const rolled = commonPrefixOf(key, prefix, delimiter);
    if (rolled === undefined) {
      objects.push(version);
      last = key;
      found = state.versions.next(bucket, key);
    } else {
      commonPrefixes.push(rolled);
      last = rolled;
      found = state.versions.next(bucket, rolled + LAST_CHARACTER);
    }
  }
  return { objects, commonPrefixes };
}

function firstAfter(state: S3State, { bucket, prefix, delimiter, after }: ListRequest): RankedVersion | undefined {
  if (after === "" || Buffer.compare(Buffer.from(after), Buffer.from(prefix)) < 0) {
    return state.versions.next(bucket, prefix, Number.MIN_SAFE_INTEGER);
  }
  const endedOnPrefix = after.startsWith(prefix) && commonPrefixOf(after, prefix, delimiter) === after;
  return state.versions.next(bucket, endedOnPrefix ? after + LAST_CHARACTER : after);
}

/** The beginning of a key up to and including the first delimiter after the prefix. */
export function commonPrefixOf(key: string, prefix: string, delimiter: string): string | undefined {
  const at = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
  return at === -1 ? undefined : key.slice(0, at + delimiter.length);
}

/** The key that comes after all keys beginning with `prefix`. */
export function afterPrefix(prefix: string): string {
  return prefix + LAST_CHARACTER;
}

/**
 * Checks a page size.
 *
 * @throws AwsError `InvalidArgument`
 */
export function pageSize(value: number | undefined, name: string): number {
  if (value === undefined) {
    return LARGEST_PAGE;
  }
  if (!Number.isInteger(value) || value < 0 || value > 2 ** 31 - 1) {
    throw invalidArgument(`Argument ${name} must be an integer between 0 and 2147483647`, name, String(value));
  }
  return Math.min(value, LARGEST_PAGE);
}

/**
 * Makes the function that encodes keys in answers.
 *
 * @param encodingType - `url` or nothing
 * @throws AwsError `InvalidArgument`
 */
export function keyEncoder(encodingType: string | undefined): <T extends string | undefined>(text: T) => T {
  if (encodingType === undefined) {
    return (text) => text;
  }
  if (encodingType !== "url") {
    throw invalidArgument("Invalid Encoding Method specified in Request", "encoding-type", encodingType);
  }
  return <T extends string | undefined>(text: T) =>
    (text === undefined
      ? undefined
      : encodeURIComponent(text)
          .replaceAll("%2F", "/")
          .replace(/[!'()*]/g, percent)) as T;
}

function percent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
