import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { groups } from "../command-groups.ts";
import { commands } from "../commands.ts";
import { bashCompletion } from "./bash-completion.ts";
import { fishCompletion } from "./fish-completion.ts";

const script = bashCompletion(commands);

/** What fish offers for a line. */
function offeredByFish(line: string): string[] | undefined {
  const program = `function slipway; printf 'dev\\nprod\\n'; end
${fishCompletion(commands, groups)}
complete -C '${line}'`;
  const { stdout, error } = spawnSync("fish", ["--no-config", "-c", program], { encoding: "utf8" });
  return error === undefined ? stdout.split("\n").filter(Boolean) : undefined;
}

/** What bash offers for a line, whose last word is completed. `slipway` itself says that there are two environments. */
function offered(...words: readonly string[]): string[] {
  const line = ["slipway", ...words].map((word) => `'${word}'`).join(" ");
  const program = `slipway() { printf 'dev\\nprod\\n'; }
${script}
COMP_WORDS=(${line}); COMP_CWORD=${words.length}; _slipway; printf '%s\\n' "\${COMPREPLY[@]}"`;
  return execFileSync("bash", ["--norc", "-c", program], { encoding: "utf8" }).split("\n").filter(Boolean);
}

it("completes commands, also those of groups", () => {
  expect(offered("roll")).toEqual(["rollback"]);
  expect(offered("local", "sn")).toEqual(["snapshot"]);
  expect(offered("ledger", "")).toEqual(["verify", "reconcile"]);
});

it("completes options of the command that is there, and no others", () => {
  expect(offered("deploy", "prod", "--wa")).toEqual(["--wait", "--waive", "--waive-until"]);
  expect(offered("history", "prod", "--wa")).toEqual([]);
});

it("completes values: choices of options and of arguments, environments, files", () => {
  expect(offered("deploy", "prod", "--wait", "im")).toEqual(["immediate"]);
  expect(offered("backup", "prod", "v")).toEqual(["verify"]);
  expect(offered("deploy", "p")).toEqual(["prod"]);
  expect(offered("status", "--port", "4600", "d")).toEqual(["dev"]);
  expect(offered("status", "--port", "")).toEqual([]);
});

it("tells a value of an option from an argument", () => {
  expect(offered("deploy", "--wait", "none", "p")).toEqual(["prod"]);
  expect(offered("deploy", "--verbose", "p")).toEqual(["prod"]);
});

it("completes each of the words that an argument or an option takes", () => {
  expect(offered("rollback", "prod", "code", "inf")).toEqual(["infrastructure"]);
  expect(offered("rollback", "prod", "code", "--reason", "why", "inf")).toEqual(["infrastructure"]);
  expect(offered("orphans", "prod", "lambda", "logs", "iam", "sq")).toEqual(["sqs"]);
  expect(offered("rollback", "prod", "data", "--fate", "made", "ch")).toEqual(["changed"]);
  expect(offered("rollback", "prod", "data", "--fate", "made", "--outp")).toEqual(["--output"]);
  expect(offered("backup", "prod", "list", "")).toEqual([]);
});

it("completes the same in fish, where that is here", () => {
  const lines = [
    "rollback p",
    "rollback prod inf",
    "rollback prod code inf",
    "orphans prod lambda logs sq",
    "backup prod v",
  ];
  const found = lines.map((line) => offeredByFish(`slipway ${line}`));
  if (found.every((each) => each !== undefined)) {
    expect(found).toEqual([["prod"], ["infrastructure"], ["infrastructure"], ["sqs"], ["verify"]]);
  }
});

it("is taken by the shells that are here", () => {
  const scripts = { bash: script, zsh: bashCompletion(commands, "zsh"), fish: fishCompletion(commands, groups) };
  const folder = mkdtempSync(join(tmpdir(), "slipway-completion-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [shell, text] of Object.entries(scripts)) {
    const file = join(folder, shell);
    writeFileSync(file, text);
    const { status, stderr, error } = spawnSync(shell, ["-n", file], { encoding: "utf8" });
    if (error === undefined) {
      expect({ status, stderr }, shell).toEqual({ status: 0, stderr: "" });
    } else {
      expect(shell).not.toBe("bash");
    }
  }
});
