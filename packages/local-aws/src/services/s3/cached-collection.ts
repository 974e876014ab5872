import type { Collection } from "../../store/store.ts";

/**
 * A collection that is read far more often than it is written, with its records kept in memory: every request looks at its bucket
 * several times (policy, logging, encryption). A write goes to the store and is read back from there, so that what a transaction
 * takes back is not remembered.
 */
export function cachedCollection<T>(collection: Collection<T>): Collection<T> {
  const known = new Map<string, T>();
  return {
    get(key) {
      let value = known.get(key);
      if (value === undefined) {
        value = collection.get(key);
        if (value !== undefined) {
          known.set(key, value);
        }
      }
      return value;
    },
    has: (key) => known.has(key) || collection.has(key),
    put(key, value) {
      known.delete(key);
      collection.put(key, value);
    },
    delete(key) {
      known.delete(key);
      return collection.delete(key);
    },
    entries: (prefix) => collection.entries(prefix),
    values: (prefix) => collection.values(prefix),
  };
}
