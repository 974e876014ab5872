import { spawnSync } from "node:child_process";
import { userInfo } from "node:os";
import type { Actor } from "@slipway/contracts";

/** Where it is asked who somebody is. */
export interface ActorPlace {
  /** A folder of the repository: its git configuration says who works in it. */
  readonly repository: string;
  readonly env: NodeJS.ProcessEnv;
  /** ARN of who AWS sees; not asked where nobody needs it. */
  readonly principal?: () => Promise<string>;
}

/**
 * Who types: in a workflow who has started it (`GITHUB_ACTOR`), otherwise whom git takes for the author of commits, as
 * `Jane Doe <jane@example.com>`, otherwise the user of this machine. It is what they say of themselves; `principal` is what AWS says.
 */
export async function thisActor({ repository, env, principal }: ActorPlace): Promise<Actor> {
  const arn = await principal?.();
  return { name: nameOf(repository, env), ...(arn === undefined || arn === "" ? {} : { principal: arn }) };
}

function nameOf(repository: string, env: NodeJS.ProcessEnv): string {
  const inWorkflow = env.GITHUB_ACTIONS === "true" && filled(env.GITHUB_ACTOR);
  return inWorkflow || authorOf(repository, env) || filled(env.GITHUB_ACTOR) || filled(env.USER) || userName();
}

function authorOf(repository: string, env: NodeJS.ProcessEnv): string | undefined {
  // Not `git var GIT_AUTHOR_IDENT`: it makes an address up from the host's name where there is none.
  const { stdout } = spawnSync("git", ["config", "--get-regexp", "^user\\.(name|email)$"], {
    cwd: repository,
    env,
    encoding: "utf8",
  });
  const configured = new Map(
    (stdout ?? "").split("\n").map((line) => [line.split(" ", 1)[0], line.slice(line.indexOf(" ") + 1).trim()]),
  );
  const name = filled(env.GIT_AUTHOR_NAME) || filled(configured.get("user.name"));
  const email = filled(env.GIT_AUTHOR_EMAIL) || filled(configured.get("user.email"));
  return name === undefined ? email : email === undefined ? name : `${name} <${email}>`;
}

function filled(text: string | undefined): string | undefined {
  const trimmed = text?.trim();
  return trimmed === "" ? undefined : trimmed;
}

/** A container's user may have no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return "somebody";
  }
}
