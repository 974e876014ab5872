import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@slipway/testing";
import { expect, test } from "vitest";
import { INSIDE_CHECKLIST, ProcessCommandRunner } from "./process-command-runner.ts";

const node = process.execPath;

test("a command's exit code, output and last words come back", async () => {
  using folder = temporaryFolder();
  const lines: string[] = [];
  const script = 'console.log("{}"); console.error("\\u001b[31mred\\u001b[0m"); process.exitCode = 3;';

  const result = await new ProcessCommandRunner(folder.path, process.env).run([node, "-e", script], {
    onLine: (line) => lines.push(line),
  });

  expect(result).toMatchObject({ code: 3, stdout: "{}" });
  expect(result.tail.split("\n").sort()).toEqual(["red", "{}"]);
  expect([...lines].sort()).toEqual(["red", "{}"]);
});

test("it runs in the repository, knows that a checklist runs it, and nothing of the npm script around it", async () => {
  using folder = temporaryFolder();
  const env = { ...process.env, npm_config_loglevel: "silent", npm_lifecycle_event: "start", FORCE_COLOR: "1" };
  const script = `console.log(JSON.stringify([process.cwd(), process.env.${INSIDE_CHECKLIST}, process.env.npm_config_loglevel, process.env.npm_lifecycle_event, process.env.FORCE_COLOR, process.env.NO_COLOR]))`;

  const { stdout } = await new ProcessCommandRunner(folder.path, env).run([node, "-e", script], {});

  expect(JSON.parse(stdout)).toEqual([folder.path, "1", null, null, null, "1"]);
});

test("a program that does not exist ends with 127", async () => {
  using folder = temporaryFolder();

  const result = await new ProcessCommandRunner(folder.path, process.env).run(["no-such-program"], {});

  expect(result).toMatchObject({ code: 127, tail: expect.stringContaining("no-such-program") });
});

test("asked to stop, the command and what it started end, also in a group of its own", async () => {
  using folder = temporaryFolder();
  const stop = new AbortController();
  const [begun, lived] = [join(folder.path, "begun"), join(folder.path, "lived")];
  // A child that writes a file unless it is ended before.
  const child = `setTimeout(() => require("node:fs").writeFileSync(${JSON.stringify(lived)}, ""), 3000)`;
  const script = `const { spawn } = require("node:child_process"); spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { detached: true, stdio: "ignore" }).unref(); require("node:fs").writeFileSync(${JSON.stringify(begun)}, ""); console.log("begun"); setInterval(() => {}, 1000);`;
  writeFileSync(join(folder.path, "parent.cjs"), script);

  const running = new ProcessCommandRunner(folder.path, process.env).run([node, "parent.cjs"], {
    onLine: (line) => line === "begun" && stop.abort(),
    signal: stop.signal,
  });

  await expect(running).rejects.toMatchObject({ kind: "interrupted" });
  expect(existsSync(begun)).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 3_200));
  expect(existsSync(lived)).toBe(false);
});
