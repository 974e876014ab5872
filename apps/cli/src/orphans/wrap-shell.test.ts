import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { wrapShell } from "./wrap-shell.ts";

function wordsSeen(command: string): string {
  return execFileSync("sh", ["-c", `show() { printf '[%s]' "$@"; }\n${command}`], { encoding: "utf8" });
}

describe("wrapShell", () => {
  it.each([40, 80, 120])("makes lines of %d columns that a shell takes for the same command", (width) => {
    const command = `show logs delete --log-group-name '/a  b' --tags 'it'\\''s' --query '{A: [B, C][].{D: E}}' --region eu-central-1`;
    const lines = wrapShell(command, width, width - 10, "    ");

    expect(wordsSeen(lines.join("\n"))).toBe(wordsSeen(command));
    expect(lines.slice(0, -1).every((line) => line.endsWith(" \\"))).toBe(true);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(width);
  });

  it("keeps an option together with its value", () => {
    expect(wrapShell("aws kms delete-alias --alias-name alias/orders", 30, 30, "  ")).toEqual([
      "aws kms delete-alias \\",
      "  --alias-name alias/orders",
    ]);
  });
});
