import { temporaryFolder } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import type { StepContext } from "../release/step-handler.ts";
import { ReleaseError } from "../release-error.ts";
import { settleBeside } from "./settle-step.ts";
import { arrangeInfrastructure, newQueue } from "./test/arrange-infrastructure.ts";

const lock = { id: "1-2-3", operation: "OperationTypeApply", created: "2026-11-28 12:00:00 +0000 UTC" };
const left = { ...lock, who: "jane@killed" };

describe("an infrastructure that a release was broken off in", () => {
  it("is written down as it was left, without the dead Terraform's lock", async () => {
    using folder = temporaryFolder();
    const { terraform, run } = arrangeInfrastructure(folder);
    Object.assign(terraform, { serial: 7, lock: left });

    expect(await run("infrastructure.settle")).toEqual({
      outcome: "done",
      summary: expect.stringContaining("serial 7, and the lock that a killed Terraform left on it was broken"),
      result: { stateSerial: 7, brokenLock: "1-2-3" },
    });
    expect(terraform).toMatchObject({ lock: undefined, calls: [] });
  });

  it("is not touched while somebody else may work on it", async () => {
    using folder = temporaryFolder();
    const { terraform, run } = arrangeInfrastructure(folder);
    terraform.lock = { ...lock, who: "joe@elsewhere" };

    await expect(run("infrastructure.settle")).rejects.toMatchObject({ kind: "busy", next: "force-unlock" });
    expect(terraform.lock).toBeDefined();
  });

  it("is written down beside a stopped holder that still has Terraform's folder, if nobody has the state locked", async () => {
    const state = { name: "prod", location: "s3://x", read: async () => ({ serial: 7, resources: [], outputs: {} }) };
    const context = { plan: { environment: "prod" } } as StepContext;

    expect(await settleBeside({ state, lock: async () => undefined })(context)).toMatchObject({
      result: { stateSerial: 7 },
    });
    await expect(settleBeside({ state, lock: async () => left })(context)).rejects.toMatchObject({
      kind: "busy",
      what: "The Terraform state of prod is locked by jane@killed",
    });
  });

  it("is unlocked by the next attempt to apply, also where nothing is left to apply", async () => {
    using folder = temporaryFolder();
    const { terraform, run } = arrangeInfrastructure(folder);
    terraform.wanted = [newQueue];
    terraform.duringApply = async () => {
      terraform.lock = left;
      throw new ReleaseError({ kind: "failed", what: "killed", why: "-", next: "-" });
    };
    await run("infrastructure.plan");
    await run("infrastructure.approve");
    await expect(run("infrastructure.apply")).rejects.toThrow("killed");

    expect(await run("infrastructure.apply")).toMatchObject({ outcome: "done", result: { changed: true } });
    expect(terraform.lock).toBeUndefined();
  });
});
