import { DeniedError } from "./denied-error.ts";

/** API Gateway's limit for all headers of a request together, in bytes: no token that comes through it is longer. */
const LONGEST = 10_240;

/**
 * The token of an `Authorization` header (RFC 6750, section 2.1). The scheme's case does not matter (RFC 9110, section 11.1).
 *
 * @throws {DeniedError} `malformed`
 */
export function bearerToken(header: unknown): string {
  const isHeader = typeof header === "string" && header.length <= LONGEST;
  const token = isHeader ? /^Bearer +([-\w.~+/]+=*)$/i.exec(header)?.[1] : undefined;
  if (token === undefined) throw new DeniedError("malformed");
  return token;
}
