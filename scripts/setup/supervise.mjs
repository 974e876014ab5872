// Run as a program: supervise.mjs TOOL [ARGUMENT...]. Runs the tool, and ends it and all that it started as soon as
// standard input closes: when whoever started this is gone, however it went. Being told to stop is not enough for npm ci
// and its install scripts: npm goes on for half a minute after SIGTERM, in the way of the next npm ci.

import { spawn } from "node:child_process";

const [, , file = "", ...args] = process.argv;
const tool = spawn(file, args, { stdio: ["ignore", "inherit", "inherit"] });
tool.on("error", (error) => {
  process.stderr.write(`${error.message}\n`);
  process.exit(127);
});
tool.on("close", (code) => process.exit(code ?? 1));

// This process leads a group of its own (it was started detached), and the tool and its children are in it.
process.stdin.on("close", () => process.kill(-process.pid, "SIGKILL")).resume();
