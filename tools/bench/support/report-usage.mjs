// Loaded before a server that is measured: says how much processor time the process has used, whenever it is asked over
// its channel. In microseconds, of all its threads, and the same on every platform.

import process from "node:process";

process.on("message", (message) => {
  if (message === "usage") {
    const { user, system } = process.cpuUsage();
    process.send?.({ usage: user + system });
  }
});
// Listening must not keep a server that was told to stop alive.
process.channel?.unref();
