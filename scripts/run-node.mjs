import { spawn } from "node:child_process";
import { constants } from "node:os";

/** Two of the same signal within this time are one: npm passes on what the terminal has sent already. */
const sameSignalMs = 1_000;

/**
 * Runs a program on the given Node, as if it were this process: same terminal, same exit code, one signal for one
 * Ctrl-C.
 *
 * A Ctrl-C reaches every process of the terminal's group, and npm sends it on once more, so that a child in the same
 * group would see two or three and take the second for impatience. Therefore the child gets a group of its own, and
 * each signal once:
 *
 *     terminal --- SIGINT ---> npm --- SIGINT ---> this process ---- once ----> child
 *          \------ SIGINT ----------------------------^
 *
 * Should this process be killed outright, the child notices that its channel closed (end-with-parent.mjs) and stops.
 *
 * @param {string} node path of the Node to run it on
 * @param {readonly string[]} args of that Node: flags, program, its arguments
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<number>} the exit code; 128 plus its number for a signal
 */
export function runNode(node, args, { cwd, env }) {
  const guard = new URL("./end-with-parent.mjs", import.meta.url);
  return new Promise((resolve, reject) => {
    const child = spawn(node, ["--disable-warning=ExperimentalWarning", `--import=${guard}`, ...args], {
      cwd,
      env: { ...env, SLIPWAY_PARENT_PID: String(process.pid) },
      stdio: ["inherit", "inherit", "inherit", "ipc"],
      detached: true,
    });
    /** @type {Map<string, number>} */
    const sent = new Map();
    for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
      process.on(signal, () => {
        const now = performance.now();
        if (now - (sent.get(signal) ?? Number.NEGATIVE_INFINITY) > sameSignalMs) {
          sent.set(signal, now);
          child.kill(signal);
        }
      });
    }
    child.on("error", (cause) => reject(new Error(`${node} could not be started`, { cause })));
    child.on("close", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
