import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const supervisor = fileURLToPath(new URL("./supervise.mjs", import.meta.url));

/**
 * @typedef {object} ToolResult
 * @property {number | null} code the exit code; null when a signal ended it, it never started, or it took too long
 * @property {NodeJS.Signals | null} signal
 * @property {string} stdout
 * @property {string} stderr
 * @property {Error | undefined} error why it did not start, or that it took too long
 */

/**
 * Runs a command to its end and gives back what it printed. Never throws: a tool that cannot be started is a finding.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {number} [options.timeoutMs]
 * @param {boolean} [options.supervised] for tools that run long and change the clone: neither the tool nor anything that
 *   it started outlives this process, even when this process is killed
 * @returns {Promise<ToolResult>}
 */
export function runTool(file, args, { cwd, env, timeoutMs, supervised = false } = {}) {
  return new Promise((resolve) => {
    const child = supervised
      ? spawn(process.execPath, [supervisor, file, ...args], { cwd, env, stdio: "pipe", detached: true })
      : spawn(file, args, { cwd, env, stdio: "pipe" });
    /** @type {Error | undefined} */
    let error;
    let stdout = "";
    let stderr = "";
    const expire = () => {
      error = new Error(`${file} gave no answer within ${Number(timeoutMs) / 1000} s`);
      // The supervisor ends its whole group when its input closes.
      supervised ? child.stdin.destroy() : child.kill("SIGKILL");
    };
    const timer = timeoutMs === undefined ? undefined : setTimeout(expire, timeoutMs);
    if (!supervised) {
      child.stdin.end();
    }
    child.stdin.on("error", () => {}); // it ended before it read: no matter
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    child.on("error", (cause) => {
      error = cause;
    });
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code: error === undefined ? code : null, signal, stdout, stderr, error });
    });
  });
}
