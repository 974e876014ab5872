import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { temporaryFolder, writeFile } from "./setup/test/temporary-folder.ts";

const runNodeModule = join(import.meta.dirname, "run-node.mjs");

/** Starts a process that runs the program through runNode, as scripts/run.mjs does. */
async function start(program: string, args: readonly string[] = []) {
  const folder = temporaryFolder();
  const child = writeFile(join(folder, "child.ts"), program);
  const parent = writeFile(
    join(folder, "parent.mjs"),
    `import { runNode } from ${JSON.stringify(runNodeModule)};
     const args = [${JSON.stringify(child)}, ...process.argv.slice(2)];
     process.exitCode = await runNode(process.execPath, args, { cwd: ${JSON.stringify(folder)}, env: process.env });`,
  );
  const running = spawn(process.execPath, [parent, ...args], { stdio: ["pipe", "pipe", "inherit"] });
  let output = "";
  running.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  onTestFinished(() => void running.kill("SIGKILL"));
  return { running, output: () => output };
}

async function exitOf(running: ChildProcess): Promise<unknown> {
  const [code, signal] = await once(running, "close");
  return code ?? signal;
}

const waitForSignals = `
  let count = 0;
  process.on("SIGINT", () => console.log("SIGINT", (count += 1)));
  process.on("SIGTERM", () => { console.log("SIGTERM"); process.exit(7); });
  console.log("ready", process.pid);
  setInterval(() => {}, 1000);
`;

test("arguments, standard input and the exit code go through; TypeScript runs without a warning", async () => {
  const { running, output } = await start(
    `const input: string[] = [];
     for await (const chunk of process.stdin) input.push(String(chunk));
     console.log(process.argv.slice(2).join(" "), input.join(""), process.env.SLIPWAY_PARENT_PID);
     process.exitCode = 3;`,
    ["--once", "a b"],
  );
  running.stdin?.end("typed");

  expect(await exitOf(running)).toBe(3);
  expect(output()).toBe("--once a b typed undefined\n");
});

test("a signal that comes twice within a second arrives once", async () => {
  const { running, output } = await start(waitForSignals);
  await vi.waitFor(() => expect(output()).toContain("ready"), 60_000);

  running.kill("SIGINT");
  await vi.waitFor(() => expect(output()).toContain("SIGINT"), 60_000);
  running.kill("SIGINT");
  running.kill("SIGTERM");

  expect(await exitOf(running)).toBe(7);
  expect(output().match(/SIGINT/g)).toHaveLength(1);
});

test("a child that a signal ended gives the shell's exit code for it", async () => {
  const { running, output } = await start(`console.log("ready"); setInterval(() => {}, 1000);`);
  await vi.waitFor(() => expect(output()).toContain("ready"), 60_000);

  running.kill("SIGTERM");

  expect(await exitOf(running)).toBe(143);
});

test("a parent that is killed outright takes the child with it", async () => {
  const { running, output } = await start(waitForSignals);
  await vi.waitFor(() => expect(output()).toContain("ready"), 60_000);
  const child = Number(/ready (\d+)/.exec(output())?.[1]);
  expect(() => process.kill(child, 0)).not.toThrow();

  running.kill("SIGKILL");

  await vi.waitFor(() => expect(() => process.kill(child, 0)).toThrow("ESRCH"), 60_000);
});
