/** A `{name}` in a smoke test's text: the place of a value that an earlier step captured. */
export const PLACEHOLDER = /\{([A-Za-z][A-Za-z0-9_]*)\}/g;

/** The placeholders in every string of a JSON-like value, in the order in which they appear, each once. */
export function placeholdersIn(value: unknown): string[] {
  const found = new Set<string>();
  collect(value, found);
  return [...found];
}

function collect(value: unknown, found: Set<string>): void {
  if (typeof value === "string") {
    for (const [, name] of value.matchAll(PLACEHOLDER)) {
      found.add(String(name));
    }
  } else if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) {
      collect(inner, found);
    }
  }
}
