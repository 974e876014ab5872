// Loaded before the program that run-node.mjs starts. When the parent disappears without a word (kill -9), its end of
// the channel closes: then this process is asked to stop, and is made to stop when it has not within ten seconds.

import process from "node:process";

const patienceMs = 10_000;

// Children of the program inherit the variable, and are none of run-node.mjs's.
if (process.env.SLIPWAY_PARENT_PID === String(process.ppid) && process.channel) {
  process.once("disconnect", () => {
    setTimeout(() => process.exit(1), patienceMs).unref();
    process.kill(process.pid, "SIGTERM");
  });
  // Listening must not keep a finished program alive.
  process.channel.unref();
}
delete process.env.SLIPWAY_PARENT_PID;
