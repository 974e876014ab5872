import { spawnSync } from "node:child_process";
import { expect, it } from "vitest";
import { groups } from "../command-groups.ts";
import { commands } from "../commands.ts";
import { manPage } from "./man-page.ts";

const page = manPage(commands, groups);

it("has every command and every option", () => {
  for (const { name, options } of commands) {
    expect(page).toContain(`.SS "slipway ${name.replaceAll("-", "\\-")}`);
    for (const { flags } of options) {
      expect(page).toContain(`.B ${flags.replaceAll("-", "\\-")}`);
    }
  }
});

it("has no line that roff would take for a request of its own", () => {
  const requests = new Set([".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".I", ".nf", ".fi"]);
  const odd = page.split("\n").filter((line) => /^[.']/.test(line) && !requests.has(line.split(" ")[0] ?? ""));
  expect(odd).toEqual([]);
});

it("is taken by man, where that is here", () => {
  const { status, stdout, stderr, error } = spawnSync("man", ["--warnings", "-l", "-"], {
    ...{ input: page, encoding: "utf8", env: { PATH: process.env.PATH, MANWIDTH: "80", LANG: "C.UTF-8" } },
  });
  if (error === undefined) {
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).toContain("slipway rollback <environment>");
  }
});
