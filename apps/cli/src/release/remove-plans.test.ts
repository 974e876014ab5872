import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryRepository } from "../test/temporary-repository.ts";
import { removePlans } from "./remove-plans.ts";

test("the plan files of an environment's releases go, and nothing else", async () => {
  const { path, remove } = temporaryRepository();
  try {
    await removePlans({ isLocal: false }, path, "prod");
    const folder = join(path, ".slipway/plans");
    mkdirSync(folder, { recursive: true });
    for (const name of ["prod-r2.tfplan", "prod-r10.tfplan", "production-r1.tfplan", "prod-12.tfplan"]) {
      writeFileSync(join(folder, name), "secret");
    }
    await removePlans({ isLocal: false }, path, "prod");
    expect(readdirSync(folder).sort()).toEqual(["prod-12.tfplan", "production-r1.tfplan"]);
  } finally {
    remove();
  }
});
