/**
 * Every text below a value that its mark says is sensitive.
 *
 * @param mark as in `after_sensitive` of a plan: `true` in the place of what is sensitive as a whole
 */
export function sensitiveTexts(value: unknown, mark: unknown, take: (secret: string) => void): void {
  if (mark === true) {
    texts(value, take);
  } else if (typeof mark === "object" && mark !== null && typeof value === "object" && value !== null) {
    for (const [key, inner] of Object.entries(mark)) {
      sensitiveTexts((value as Record<string, unknown>)[key], inner, take);
    }
  }
}

function texts(value: unknown, take: (secret: string) => void): void {
  if (typeof value === "string" || typeof value === "number") {
    take(String(value));
  } else if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) {
      texts(inner, take);
    }
  }
}

/** Whether anything below a mark is sensitive. */
export function isMarked(mark: unknown): boolean {
  return mark === true || (typeof mark === "object" && mark !== null && Object.values(mark).some(isMarked));
}
