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
  if (typeof value === "string") {
    take(value);
    // A key of several lines turns up in logs line by line.
    const lines = value.includes("\n") ? value.split("\n") : [];
    for (const line of lines.filter((each) => each.trim().length >= LEAST_LINE && !each.startsWith("-----"))) {
      take(line.trim());
    }
  } else if (typeof value === "number" && Math.abs(value) >= LEAST_NUMBER) {
    take(String(value));
  } else if (typeof value === "object" && value !== null) {
    for (const inner of Object.values(value)) {
      texts(inner, take);
    }
  }
}

const LEAST_LINE = 12;
/** A smaller number says nothing to who finds it, and would make holes in every other number. */
const LEAST_NUMBER = 1_000_000;

/** Whether anything below a mark is sensitive. */
export function isMarked(mark: unknown): boolean {
  return mark === true || (typeof mark === "object" && mark !== null && Object.values(mark).some(isMarked));
}
