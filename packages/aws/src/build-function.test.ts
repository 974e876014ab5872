import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { buildFunction } from "./build-function.ts";

const { env } = process;

describe("buildFunction", () => {
  it("runs the command in its folder and passes its output on", async () => {
    using folder = temporaryFolder();
    writeFileSync(join(folder.path, "input.txt"), "from the folder\n");
    const lines: string[] = [];

    await buildFunction({ argv: ["cat", "input.txt"], cwd: folder.path, env, onLine: (line) => lines.push(line) });

    expect(lines).toEqual(["from the folder"]);
  });

  it("shows the end of the output when it fails", async () => {
    using folder = temporaryFolder();
    const script = "for i in $(seq 100); do echo line $i; done; echo 'no such module' >&2; exit 2";

    const failed = buildFunction({ argv: ["sh", "-c", script], cwd: folder.path, env });

    await expect(failed).rejects.toMatchObject({
      kind: "failed",
      why: expect.stringMatching(/^exit code 2\n[\s\S]*line 100[\s\S]*$/),
      next: expect.stringContaining(`cd ${folder.path} && sh -c`),
    });
    await expect(failed).rejects.toThrow("no such module");
    await expect(failed).rejects.not.toThrow("line 20\n");
  });

  it("says when the program is missing, and when it was stopped", async () => {
    using folder = temporaryFolder();
    const abort = new AbortController();

    await expect(buildFunction({ argv: ["no-such-builder"], cwd: folder.path, env })).rejects.toThrow(
      "no-such-builder",
    );
    await expect(
      buildFunction({
        ...{ argv: ["sh", "-c", "echo ready; sleep 60"], cwd: folder.path, env, signal: abort.signal },
        onLine: () => abort.abort(),
      }),
    ).rejects.toMatchObject({ kind: "interrupted" });
  });
});
