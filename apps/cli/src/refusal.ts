/** Whether something was refused, with nothing changed, and not merely impossible to find out: somebody else is at it, or was faster. */
export function isRefusal(error: unknown): error is Error {
  return (
    error instanceof Error &&
    error.name === "ReleaseError" &&
    "kind" in error &&
    ["conflict", "busy", "fenced"].includes(String(error.kind))
  );
}
