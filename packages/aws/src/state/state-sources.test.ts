import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fileState } from "./state-sources.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "state-"));
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("fileState", () => {
  it("knows the absence of a file that somebody named from one that need not be there", async () => {
    const path = join(folder, "none.tfstate");
    expect(await fileState("prod", path, false).read()).toBeUndefined();
    await expect(fileState("prod", path, true).read()).rejects.toMatchObject({ kind: "failed" });
  });

  it("does not call a file unreadable because it was asked to stop", async () => {
    const path = join(folder, "terraform.tfstate");
    writeFileSync(path, JSON.stringify({ version: 4, serial: 1, lineage: "l", outputs: {}, resources: [] }));
    expect(await fileState("prod", path, true).read()).toMatchObject({ serial: 1 });
    await expect(fileState("prod", path, true).read(AbortSignal.abort())).rejects.toMatchObject({
      ...{ kind: "interrupted", what: `Stopped while the Terraform state ${path} was read` },
    });
  });
});
