import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { signJournal } from "@slipway/aws";
import type { Actor } from "@slipway/contracts";
import type { CommandIo } from "../command.ts";
import type { GlassJournal } from "../ledger/glass-journal.ts";

/**
 * Signs a journal's last line, and with it all before, with the SSH key that git signs commits with.
 *
 * @returns whether it is signed
 */
export async function signWithGitsKey(
  journal: GlassJournal,
  actor: Actor,
  { cwd, env }: Pick<CommandIo, "cwd" | "env">,
): Promise<boolean> {
  const config = (name: string) =>
    (spawnSync("git", ["config", "--get", name], { cwd, env, encoding: "utf8" }).stdout ?? "").trim();
  const configured = config("user.signingkey");
  const key = configured.startsWith("~/") ? join(env.HOME ?? homedir(), configured.slice(2)) : configured;
  const last = journal.read()?.entries.at(-1);
  if (config("gpg.format") !== "ssh" || key === "" || !existsSync(key) || last === undefined) {
    return false;
  }
  const signature = await signJournal(last.hash, key, env);
  if (signature === undefined) {
    return false;
  }
  journal.append(actor, { type: "signed", signature });
  return true;
}
