import { spawn } from "node:child_process";
import { UserError } from "../user-error.ts";

/** What opens an address, by operating system. */
const OPENERS: Readonly<Record<string, readonly [command: string, ...args: string[]]>> = {
  darwin: ["open"],
  win32: ["cmd", "/c", "start", ""],
};

/**
 * Opens an address with what the system opens addresses with.
 *
 * @throws UserError when there is nothing that opens it
 */
export async function openUrl(url: string, env: NodeJS.ProcessEnv): Promise<void> {
  const [command, ...args] = OPENERS[process.platform] ?? ["xdg-open"];
  const opener = spawn(command, [...args, url], { env, stdio: "ignore", detached: true });
  try {
    await new Promise<void>((resolve, reject) => {
      opener.once("error", reject);
      opener.once("spawn", resolve);
    });
  } catch (cause) {
    throw new UserError(`--open: ${command} cannot be started, so open it yourself: ${url}`, { cause });
  }
  // It may stay as long as the browser does.
  opener.unref();
}
