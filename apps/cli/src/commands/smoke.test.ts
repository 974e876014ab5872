import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runSlipway } from "../test/run-slipway.ts";
import { temporaryRepository } from "../test/temporary-repository.ts";

let repository: ReturnType<typeof temporaryRepository>;

beforeAll(() => {
  repository = temporaryRepository();
  for (const folder of ["f", "infrastructure/b", "infrastructure/prod"]) {
    mkdirSync(join(repository.path, folder), { recursive: true });
  }
  writeFileSync(join(repository.path, "slipway.config.ts"), `export default ${JSON.stringify(config())};\n`);
});

afterAll(() => repository?.remove());

/** Two functions, of which nothing says which one the API leads to. */
function config() {
  const outputs = { functionName: "f", alias: "a", artifactBucket: "b" };
  const functions = ["orders", "gate"].map((name) => ({
    name,
    directory: "f",
    build: ["true"],
    artifact: "f",
    outputs,
  }));
  return {
    ...{ project: "elsewhere", region: "eu-west-1", infrastructure: "infrastructure" },
    bootstrap: { directory: "infrastructure/b", outputs: { stateBucket: "b" }, state: { bucket: "states" } },
    environments: {
      prod: {
        terraform: { directory: "infrastructure/prod", stateKey: "prod/terraform.tfstate" },
        ...{ functions, api: { urlOutput: "url" } },
        smoke: { steps: [{ name: "alive", method: "GET", path: "/", expect: { status: 200 } }] },
      },
    },
  };
}

describe("slipway smoke", () => {
  it.each([
    [["--version", "live"], "--version: 'live' is no number of a version, such as 7."],
    [["--version", "0"], "--version: '0' is no number of a version, such as 7."],
    [["--version", "7", "--url", "https://example.com"], "--version: a version is asked past the API"],
    [["--function", "orders"], "--function: is for --version NUMBER."],
    [["--version", "7"], "--version: of which function? There are orders, gate. Add --function NAME."],
    [
      ["--version", "7", "--function", "gait"],
      "--function: slipway.config.ts has no function gait; it has gate, orders.",
    ],
  ])("refuses %j", async (flags, message) => {
    const { code, stderr } = await runSlipway(["smoke", "prod", ...flags], { cwd: repository.path });

    expect(stderr).toContain(message);
    expect(code).toBe(2);
  });
});
