import type { CommandIo } from "../command.ts";
import { consoleUrl } from "./console-url.ts";
import { openUrl } from "./open-url.ts";

/**
 * Prints where dashboards are in AWS's console, a line each, and opens them where that is wanted.
 *
 * @returns the exit code
 * @throws UserError when there is nothing on this machine to open them with
 */
export async function showAddresses(
  names: readonly string[],
  region: string,
  open: boolean,
  io: Pick<CommandIo, "stdout" | "env">,
): Promise<number> {
  for (const each of names) {
    const url = consoleUrl(region, each);
    io.stdout.write(`${url}\n`);
    if (open) {
      await openUrl(url, io.env);
    }
  }
  return 0;
}
