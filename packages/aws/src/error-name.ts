/** What AWS calls an error, which tells errors apart; empty for what is none. */
export function errorName(error: unknown): string {
  return error instanceof Error ? error.name : "";
}
