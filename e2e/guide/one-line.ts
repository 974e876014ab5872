/** A command as it is when nobody breaks its lines. */
export function oneLine(command: string): string {
  return command.replaceAll(/\s*\\\n\s*/g, " ").trim();
}
