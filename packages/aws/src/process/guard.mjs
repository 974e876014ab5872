// Stands between this program and a child that must be stopped gently: Terraform, which has a state to write, or a build.
//
//   program --- pipe ---> guard ---(own process group)---> child
//
// - The child's group is not the terminal's: a Ctrl-C reaches it once, through the program, and not twice.
// - Each line on the pipe is one interrupt. The pipe's end means that the program is gone, whatever killed it: then the
//   child is interrupted too, or left to finish what it does, as it was started. Either way it does not live on for ever.
// - When nobody reads the output any more the child goes on: Terraform would die of a broken pipe in the middle of an apply.
//
// Plain JavaScript, because it is started for each child and has to be there at once.

import { spawn } from "node:child_process";
import { constants } from "node:os";
import process from "node:process";

/** How long what the child started may outlive it. */
const leftoverMs = 1_000;
/** How long the output may stay open after the child's end: what left its group may hold it for ever. */
const outputMs = 10_000;
const notStarted = 127;

// killAfterMs 0: never kill, however long it takes to end after an interrupt.
const [killAfterMs, whenAbandoned, command = "", ...args] = process.argv.slice(2);

const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });

/** @param {NodeJS.Signals} name */
function signal(name) {
  if (child.pid !== undefined) {
    try {
      process.kill(-child.pid, name);
    } catch {
      // The group has ended.
    }
  }
}

function interrupt() {
  signal("SIGINT");
  if (Number(killAfterMs) > 0) {
    setTimeout(() => signal("SIGKILL"), Number(killAfterMs)).unref();
  }
}

for (const [from, to] of /** @type {const} */ ([
  [child.stdout, process.stdout],
  [child.stderr, process.stderr],
])) {
  from.pipe(to);
  to.on("error", () => {
    from.unpipe(to);
    from.resume();
  });
}

process.stdin.on("data", (/** @type {Buffer} */ data) => {
  for (const byte of data) {
    if (byte === 0x0a) {
      interrupt();
    }
  }
});
if (whenAbandoned === "interrupt") {
  process.stdin.on("end", interrupt);
  process.stdin.on("error", interrupt);
} else {
  process.stdin.on("error", () => undefined);
}
for (const name of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
  process.on(name, interrupt);
}

child.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = notStarted;
  process.stdin.destroy();
});
child.on("exit", () => {
  setTimeout(() => signal("SIGKILL"), leftoverMs).unref();
  setTimeout(() => {
    child.stdout.destroy();
    child.stderr.destroy();
  }, outputMs).unref();
});
child.on("close", (code, by) => {
  if (child.pid !== undefined) {
    process.exitCode = code ?? (by === null ? 1 : 128 + constants.signals[by]);
  }
  // What the child started in its group and left running.
  signal("SIGKILL");
  process.stdin.destroy();
});
