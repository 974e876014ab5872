import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "../temporary-folder.ts";

/**
 * Loads an AWS CLI once for the commands of a test file: see server.py.
 *
 * @param program - path of the AWS CLI
 * @returns path of an `aws` that runs its commands there until this process ends; `program` itself where it is no script of Python, as AWS's
 *   own packages of it are not. Commands that follow something (`--follow`) are always the program's, because they get Ctrl-C.
 */
export async function warmAwsCli(program: string): Promise<string> {
  const [, python] = /^#!(\/\S*python3?)\n/.exec(beginningOf(program)) ?? [];
  if (python === undefined) {
    return program;
  }
  const folder = temporaryFolder("aws-cli");
  const socket = join(folder.path, "socket");
  const server = spawn(python, [join(import.meta.dirname, "server.py"), program, socket], {
    // It ends when its input does, and that ends with this process.
    stdio: ["pipe", "pipe", "ignore"],
    env: { PATH: process.env.PATH, LANG: "C.UTF-8" },
  });
  const ready = once(server.stdout, "data").then(() => true);
  if (!(await Promise.race([ready, once(server, "close").then(() => false)]))) {
    folder.remove();
    return program;
  }
  for (const each of [server, server.stdin, server.stdout] as { unref?(): void }[]) {
    each.unref?.();
  }
  const aws = join(folder.path, "aws");
  const client = join(import.meta.dirname, "client.py");
  // Isolated, and without what Python finds in other places: it starts in a fiftieth of a second.
  writeFileSync(
    aws,
    `#!/bin/sh
case " $* " in *" --follow "*) exec '${program}' "$@" ;; esac
exec '${python}' -IS '${client}' '${socket}' "$@"
`,
    { mode: 0o755 },
  );
  return aws;
}

function beginningOf(program: string): string {
  try {
    return readFileSync(program, "latin1").slice(0, 200);
  } catch {
    return "";
  }
}
