/** An entry, and not what every object has: a request may name `constructor`, too. */
export function own<T>(entries: Readonly<Record<string, T>> | undefined, name = ""): T | undefined {
  return name in Object.prototype ? undefined : entries?.[name];
}
