import type { AdoptionNote } from "@slipway/contracts";

/** Something that is missing, or was guessed. */
export function note(
  level: AdoptionNote["level"],
  id: string,
  subject: string,
  found: string,
  next: string,
): AdoptionNote {
  return { id, level, subject, found, next };
}
