/** The methods of a port, by their names, that return a promise. */
type AsyncMethod<T> = {
  [K in keyof T]: T[K] extends (...args: never[]) => Promise<unknown> ? K : never;
}[keyof T];

/**
 * A port whose changing methods are only called while the lease is held: right before each call the holder's own clock is looked at, so
 * that a process that was asleep past its lease changes nothing any more.
 *
 * @param assertHeld throws when the lease is not held: `HeldLedger.assertHeld`
 * @param methods those that change something; all others are passed through
 * @example
 * const deployer = guarded(lambda, () => held.assertHeld(), ["updateCode", "publishVersion", "moveAlias"]);
 */
export function guarded<T extends object>(port: T, assertHeld: () => void, methods: readonly AsyncMethod<T>[]): T {
  const names: ReadonlySet<PropertyKey> = new Set(methods as readonly PropertyKey[]);
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== "function") {
        return member;
      }
      // Bound to the port itself: private members of a class are not reached through a proxy.
      if (!names.has(name)) {
        return member.bind(target);
      }
      return async (...args: unknown[]) => {
        assertHeld();
        return await member.apply(target, args);
      };
    },
  });
}
