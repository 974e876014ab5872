import type { Jwks } from "aws-jwt-verify/jwk";
import type { Logger } from "./create-logger.ts";

export interface KeyCacheOptions {
  /** Asks the issuer. */
  fetchKeys: () => Promise<Jwks>;
  /** Milliseconds since the epoch. */
  now: () => number;
  log: Logger;
}

/** The issuer's keys, as far as they are known: with the one of this id, unless the issuer does not have it. */
export type FindKeys = (keyId: string) => Promise<Jwks>;

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** A key that the issuer withdraws is good no longer than that. */
const FRESH_MS = 10 * MINUTE_MS;
/** Keys that cannot be asked for again are good that long, about as long as tokens are: whoever has one does not notice. */
const STALE_MS = 60 * MINUTE_MS;
const REFRESH_RETRY_MS = MINUTE_MS;
/** Anybody can make up key ids: they must not turn us into a flood for the issuer. */
const UNKNOWN_KEY_PAUSE_MS = 10 * SECOND_MS;
const FAILURE_PAUSE_MS = 2 * SECOND_MS;

/**
 * Keeps the issuer's keys.
 *
 * ```
 * fetched ......... 10 min ................................ 60 min
 *         as kept   | asked again; as kept if that fails,  | none without an answer
 *                   | and asked again after a minute       |
 * ```
 *
 * A key id that is not among them asks again at once, so that a rotation is no outage: 10 s after an answer that did not have such a key
 * at the earliest, 2 s after a failure. (aws-jwt-verify's own cache has such a pause too, but keeps keys for ever, and asks an issuer
 * that is down with every request.)
 */
export function createKeyCache({ fetchKeys, now, log }: KeyCacheOptions): FindKeys {
  let kept: { keys: Jwks; refreshAt: number; endsAt: number } | undefined;
  let askAgainAt = 0;
  let failure: unknown;
  let fetching: Promise<Jwks> | undefined;

  const has = (keyId: string) => kept?.keys.keys.some(({ kid }) => kid === keyId) === true;

  /** Once for all that wait for it. */
  const fetchOnce = async () => {
    fetching ??= fetchKeys().finally(() => {
      fetching = undefined;
    });
    const keys = await fetching;
    kept = { keys, refreshAt: now() + FRESH_MS, endsAt: now() + STALE_MS };
    failure = undefined;
    return keys;
  };

  return async (keyId) => {
    const usable = kept !== undefined && has(keyId) && now() < kept.endsAt ? kept : undefined;
    if (usable !== undefined && now() < usable.refreshAt) return usable.keys;
    if (usable === undefined && now() < askAgainAt) {
      if (failure === undefined && kept !== undefined) return kept.keys;
      throw failure;
    }
    try {
      const keys = await fetchOnce();
      if (!has(keyId)) askAgainAt = now() + UNKNOWN_KEY_PAUSE_MS;
      return keys;
    } catch (error) {
      if (usable !== undefined) {
        usable.refreshAt = now() + REFRESH_RETRY_MS;
        log("ERROR", "the issuer's keys could not be refreshed", {
          error: { message: error instanceof Error ? error.message : String(error) },
          usableUntil: new Date(usable.endsAt).toISOString(),
        });
        return usable.keys;
      }
      failure = error;
      askAgainAt = now() + FAILURE_PAUSE_MS;
      throw error;
    }
  };
}
