import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@slipway/testing";
import { describe, expect, it } from "vitest";
import { loadConfig } from "./load-config.ts";
import { ReleaseError } from "./release-error.ts";

const source = (region: string, artifact = "app/dist", release = {}, variableFiles: readonly string[] = []) => `
type Region = string;
const region: Region = ${JSON.stringify(region)};
export default {
  project: "orders",
  region,
  infrastructure: "tf",
  bootstrap: { directory: "tf/bootstrap", outputs: { stateBucket: "bucket" } },
  environments: {
    prod: {
      terraform: { directory: "tf/prod", stateKey: "prod.tfstate", variableFiles: ${JSON.stringify(variableFiles)} },
      functions: [{
        name: "app", directory: "app", build: ["true"], artifact: ${JSON.stringify(artifact)},
        outputs: { functionName: "name", alias: "alias", artifactBucket: "bucket" },
      }],
      api: { urlOutput: "url" },
      release: ${JSON.stringify(release)},
      smoke: { steps: [{ name: "alive", method: "GET", path: "/", expect: { status: 200 } }] },
    },
  },
};
`;

function repository(folder: string, config: string, folders = ["tf/bootstrap", "tf/prod", "app"]): string {
  for (const each of folders) {
    mkdirSync(join(folder, each), { recursive: true });
  }
  const path = join(folder, "slipway.config.ts");
  writeFileSync(path, config);
  return path;
}

describe("loadConfig", () => {
  it("runs the TypeScript file and checks what it exports", async () => {
    using folder = temporaryFolder();

    const config = await loadConfig(repository(folder.path, source("eu-central-1")));

    expect(config).toMatchObject({ region: "eu-central-1", environments: { prod: { terraform: { variables: {} } } } });
  });

  it.each([
    ["a bad key", source("Berlin"), /slipway\.config\.ts is not valid\.\n {2}Why: {2}region: expected an AWS region/],
    ["no default export", "export const config = {};", /the file has no default export/],
    [
      "code that does not run",
      "throw new TypeError('no such thing');",
      /cannot be loaded\.\n {2}Why: {2}TypeError: no such thing/,
    ],
    ["code that is none", "export default {", /slipway\.config\.ts cannot be loaded\./],
  ])("refuses %s", async (_, config, message) => {
    using folder = temporaryFolder();

    const failure = await loadConfig(repository(folder.path, config)).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(ReleaseError);
    expect(failure).toMatchObject({ kind: "usage", message: expect.stringMatching(message) });
  });

  it("names the keys of folders that are not there", async () => {
    using folder = temporaryFolder();
    const path = repository(folder.path, source("eu-central-1"), ["tf/bootstrap"]);

    await expect(loadConfig(path)).rejects.toThrow(
      /environments\.prod\.terraform\.directory: there is no folder tf\/prod\n +environments\.prod\.functions\[0\]\.directory: there is no folder app/,
    );
  });

  it("names the keys of files with values that are not there", async () => {
    using folder = temporaryFolder();
    const path = repository(folder.path, source("eu-central-1", "app/dist", {}, ["tf/there.tfvars", "tf/prod.tfvars"]));
    writeFileSync(join(folder.path, "tf/there.tfvars"), "");

    await expect(loadConfig(path)).rejects.toThrow(
      "environments.prod.terraform.variableFiles[1]: there is no file tf/prod.tfvars",
    );
  });

  it("names the waivers that would hold for longer than a year", async () => {
    using folder = temporaryFolder();
    const waivers = ["2027-11-28", "2027-11-29", "2020-01-01"].map((expires) => ({
      ...{ check: "checklist.audit", by: "Jane", reason: "known", expires },
    }));
    const path = repository(folder.path, source("eu-central-1", "app/dist", { waivers }));
    const at = (time: string) => ({ now: () => Date.parse(time) });

    await expect(loadConfig(path, { clock: at("2026-11-28T12:00:00Z") })).rejects.toThrow(
      /Why: {2}environments\.prod\.release\.waivers\[1\]\.expires: expected a day within a year, 2027-11-28 at the latest, got "2027-11-29"\.?\n/,
    );
    // What has the traffic, and what goes back, is not judged by rules about today.
    await expect(loadConfig(path, { clock: at("2026-11-28T12:00:00Z"), takesAnyWaiver: true })).resolves.toMatchObject({
      region: "eu-central-1",
    });
    await expect(loadConfig(path, { clock: at("2026-11-29T00:00:00Z") })).resolves.toMatchObject({
      region: "eu-central-1",
    });
  });

  it("says when the file is missing", async () => {
    await expect(loadConfig("/nowhere/slipway.config.ts")).rejects.toThrow("There is no /nowhere/slipway.config.ts");
  });
});
