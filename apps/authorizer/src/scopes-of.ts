/**
 * The scopes that a token's claims grant: `scope` is text with spaces between (RFC 9068, section 2.2.3), `scp` a list (Okta) or
 * such a text (Entra). Anything else in them grants nothing.
 */
export function scopesOf(claims: Readonly<Record<string, unknown>>): ReadonlySet<string> {
  return new Set([...scopesIn(claims.scope), ...scopesIn(claims.scp)]);
}

function scopesIn(claim: unknown): string[] {
  const scopes: unknown[] = typeof claim === "string" ? claim.split(" ") : Array.isArray(claim) ? claim : [];
  return scopes.filter((scope): scope is string => typeof scope === "string" && scope !== "");
}
