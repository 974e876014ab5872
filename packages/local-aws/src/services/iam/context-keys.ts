/**
 * The condition keys that a policy asks for: in conditions, and as variables.
 *
 * @param document - a policy; what is no JSON asks for nothing
 * @returns the keys as the policy spells them, each once
 */
export function contextKeysOf(document: string): readonly string[] {
  let policy: { readonly Statement?: unknown };
  try {
    policy = JSON.parse(document) as { readonly Statement?: unknown };
  } catch {
    return [];
  }
  const statements = (Array.isArray(policy.Statement) ? policy.Statement : [policy.Statement]) as readonly {
    readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  }[];
  const keys = statements.flatMap((statement) => [
    ...Object.values(statement?.Condition ?? {}).flatMap((operator) => Object.keys(operator ?? {})),
    ...variablesIn(JSON.stringify(statement ?? {})),
  ]);
  return [...new Set(keys)];
}

/** `${aws:username}` is a variable; `${*}`, `${?}` and `${$}` are escapes. */
function variablesIn(text: string): readonly string[] {
  return [...text.matchAll(/\$\{([^*?$},][^},]*)/g)].map(([, key = ""]) => key.trim());
}
