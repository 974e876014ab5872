import { expect, test } from "vitest";
import { commands } from "./commands.ts";
import { runSlipway } from "./test/run-slipway.ts";

test("--help lists every command and its group, and is no failure", async () => {
  const { code, stdout } = await runSlipway(["--help"]);
  const { stdout: local } = await runSlipway(["local", "--help"]);

  expect(code).toBe(0);
  for (const { name, summary } of commands) {
    const [group = "", word = group] = name.split(" ");
    expect(stdout).toMatch(new RegExp(`^ {2}${group}\\b`, "m"));
    if (group === "local") {
      expect(local).toMatch(new RegExp(`^ {2}${word}\\b`, "m"));
      expect((await runSlipway(["local", word, "--help"])).stdout).toContain(summary.slice(0, 20));
    }
  }
});

test.each([
  [["nonsense"], /unknown command 'nonsense'/],
  [["local", "strat"], /unknown command 'strat'[\s\S]*Did you mean start/],
  [["local", "status", "--prot", "1"], /unknown option '--prot'[\s\S]*Did you mean --port/],
  [
    ["local", "status", "--output", "xml"],
    /--output <format>' argument 'xml' is invalid. Allowed choices are text, json/,
  ],
  [["local", "clock", "back"], /argument value 'back' is invalid/],
])("slipway %j is wrong usage: exit code 2, and what is wrong", async (words, message) => {
  const { code, stdout, stderr } = await runSlipway(words);

  expect(stderr).toMatch(message);
  expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
});

test.each(["http", "0", "65536", "80.5", "-1"])("--port %s is refused, naming the flag", async (port) => {
  expect(await runSlipway(["local", "status", `--port=${port}`])).toEqual({
    code: 1,
    stdout: "",
    stderr: `slipway: --port: '${port}' is no port. Give a number from 1 to 65535.\n`,
  });
});

test("a port in SLIPWAY_LOCAL_PORT counts, and is named when it is none", async () => {
  const { stderr } = await runSlipway(["local", "status"], { env: { SLIPWAY_LOCAL_PORT: "x" } });

  expect(stderr).toBe("slipway: SLIPWAY_LOCAL_PORT: 'x' is no port. Give a number from 1 to 65535.\n");
});

test("an error is told without what a terminal would do with it", async () => {
  const { stderr } = await runSlipway(["local", "status", "--port=\u001b[2J1"]);

  expect(stderr).toBe("slipway: --port: '\\x1b[2J1' is no port. Give a number from 1 to 65535.\n");
});

test("an error is told without the secrets that it quotes", async () => {
  const env = { DEPLOY_TOKEN: "tiger-and-lion" };
  const { stderr } = await runSlipway(["local", "status", "--port=password=hunter2 tiger-and-lion"], { env });

  expect(stderr).toBe("slipway: --port: 'password=(redacted) (redacted)' is no port. Give a number from 1 to 65535.\n");
});
