#!/usr/bin/env node
// The door of the command line: runs on whatever Node the system has, and hands over to the Node 22 that set-up installed, because
// the program itself is TypeScript that Node runs as it is.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const main = new URL("start.mjs", import.meta.url);
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

// These take TypeScript without a flag.
if (major > 23 || (major === 23 && minor >= 6) || (major === 22 && minor >= 18)) {
  quietWarnings();
  await import(main.href);
} else {
  const node = fileURLToPath(new URL("../../../node_modules/.bin/node", import.meta.url));
  if (existsSync(node)) {
    const child = spawn(
      node,
      ["--disable-warning=ExperimentalWarning", fileURLToPath(main), ...process.argv.slice(2)],
      {
        stdio: "inherit",
      },
    );
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      // The terminal's Ctrl-C reaches the child by itself too, and the child takes the two for one.
      process.on(signal, () => child.kill(signal));
    }
    child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal ?? "SIGTERM"] ?? 0)));
  } else {
    process.stderr.write("Slipway is not set up in this clone: its Node 22 is missing. Type: npm run setup\n");
    process.exitCode = 1;
  }
}

/** SQLite and type stripping are marked experimental in Node 22; a line about it on every call helps nobody. */
function quietWarnings() {
  const emit = process.emit;
  process.emit = function (name, warning, ...rest) {
    return name === "warning" && warning?.name === "ExperimentalWarning"
      ? false
      : Reflect.apply(emit, this, [name, warning, ...rest]);
  };
}
