import { cpSync, existsSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { goPlatform } from "./go-platform.mjs";
import { Progress } from "./progress.mjs";
import { runSetup } from "./run-setup.mjs";
import { readSetupRecord, setupRecordPath } from "./setup-record.mjs";
import { temporaryFolder, writeFile } from "./test/temporary-folder.ts";

const lock = JSON.stringify({ packages: { "node_modules/zod": { version: "4.0.0" } } });

/**
 * A clone in which nothing is installed, on a machine with a stand-in npm and a stand-in Terraform. Both write down
 * that they ran; npm installs "Node 22" as a script that says so, the way npm's own scripts do.
 */
function machine() {
  const folder = temporaryFolder();
  const root = join(folder, "clone");
  const calls = join(folder, "calls");
  const bin = join(root, "node_modules/.bin");
  writeFile(join(root, "package-lock.json"), lock);
  writeFile(calls, "");
  writeFile(
    join(folder, "bin/npm"),
    `#!/bin/sh
     echo "npm $1" >> "${calls}"
     if [ "$1" = ci ]; then
       rm -rf "${root}/node_modules"; mkdir -p "${bin}"; sleep 0.05
       touch "${bin}/vitest" "${bin}/tsc" "${bin}/biome"
       cp "${root}/package-lock.json" "${root}/node_modules/.package-lock.json"
     fi
     [ "$1" = ci ] && [ -e "${folder}/no-node" ] && { : > "${bin}/node"; chmod +x "${bin}/node"; exit 0; }
     cp "${folder}/node22" "${bin}/node"`,
    0o755,
  );
  writeFile(join(folder, "node22"), `#!/bin/sh\necho "node $*" >> "${calls}"\necho v22.1.2\n`, 0o755);
  writeFile(
    join(folder, "bin/terraform"),
    `#!/bin/sh\necho "terraform $1" >> "${calls}"\necho '{"terraform_version": "1.12.3"}'\n`,
    0o755,
  );
  const mirror = join(folder, "opt/mirror");
  const provider = `registry.terraform.io/hashicorp/aws/5.100.0/${goPlatform()}/terraform-provider-aws_v5.100.0`;
  writeFile(join(mirror, provider), "program", 0o755);
  const env = { PATH: `${folder}/bin:/usr/bin:/bin`, HOME: folder, SLIPWAY_PROVIDER_MIRROR: mirror };
  let output = "";
  const progress = () => new Progress({ write: (text) => (output += text), colour: false });
  return {
    folder,
    root,
    mirror,
    env,
    run: (more: { withTerraform?: boolean; env?: Record<string, string> } = {}) =>
      runSetup({ root, env: more.env ?? env, progress: progress(), withTerraform: more.withTerraform ?? true }),
    calls: () => readFileSync(calls, "utf8").trim().split("\n"),
    output: () => output,
  };
}

test("from nothing: installs, learns versions, and records what it found", async () => {
  const { run, root, folder, mirror, calls, output } = machine();

  const ready = await run();

  expect(calls()).toEqual(["npm ci", "node --version", "terraform version"]);
  expect(ready).toMatchObject({
    node22: { path: join(root, "node_modules/.bin/node"), version: "22.1.2" },
    terraform: { path: join(folder, "bin/terraform"), version: "1.12.3" },
    provider: { source: "mirror", dir: mirror, version: "5.100.0" },
  });
  expect(readSetupRecord(root)).toEqual(ready);
  expect(output()).toContain("dependencies   npm ci ...\n");
  expect(existsSync(join(root, ".slipway/setup.lock"))).toBe(false);
});

test("the second time nothing is installed, said or written", async () => {
  const { run, root, calls, output } = machine();
  const first = await run();
  const said = output();
  const written = statSync(setupRecordPath(root)).mtimeMs;

  const second = await run();

  expect(second).toEqual(first);
  expect(calls().filter((call) => call.startsWith("npm"))).toEqual(["npm ci"]);
  expect(output()).toBe(said);
  expect(statSync(setupRecordPath(root)).mtimeMs).toBe(written);
});

test("two at once install once", async () => {
  const { run, calls, output } = machine();

  const [first, second] = await Promise.all([run(), run()]);

  expect(second).toEqual(first);
  expect(calls().filter((call) => call.startsWith("npm"))).toEqual(["npm ci"]);
  expect(output()).toContain("another set-up is at work in this folder");
});

test("an installation that was cut short is made again", async () => {
  const { run, root, calls } = machine();
  await run();
  // What npm ci leaves when it is killed: some files, but neither its record nor our stamp.
  rmSync(join(root, "node_modules/.package-lock.json"));
  rmSync(join(root, "node_modules/.slipway-setup.json"));

  await run();

  expect(calls().filter((call) => call.startsWith("npm"))).toEqual(["npm ci", "npm ci"]);
});

test("a changed lock file is installed again", async () => {
  const { run, root, calls } = machine();
  await run();
  writeFile(join(root, "package-lock.json"), lock.replace("4.0.0", "4.0.1"));

  await run();

  expect(calls().filter((call) => call.startsWith("npm"))).toEqual(["npm ci", "npm ci"]);
});

test("a Node that npm did not fetch is asked for once more", async () => {
  const { run, folder, calls } = machine();
  writeFile(join(folder, "no-node"), "");

  const ready = await run();

  expect(ready.node22.version).toBe("22.1.2");
  expect(calls()).toContain("npm rebuild");
});

test("a Node of another major is refused with what to type", async () => {
  const { run, folder } = machine();
  writeFile(join(folder, "node22"), "#!/bin/sh\necho v24.0.0\n", 0o755);

  await expect(run()).rejects.toThrow(/is Node 24\.0\.0, not Node 22\.\n {2}Why: .*nodejs22\.x.*\n {2}Next: /);
});

test("without Terraform neither it nor the provider is looked for", async () => {
  const { run, env, root, calls } = machine();

  const ready = await run({ withTerraform: false, env: { ...env, SLIPWAY_TERRAFORM: "/nowhere" } });

  expect(ready).toMatchObject({ node22: { version: "22.1.2" } });
  expect(calls()).toEqual(["npm ci", "node --version"]);
  expect(readSetupRecord(root)).toBeUndefined();
});

test("what cannot be fetched ends set-up with the one message, and the next run goes on from there", async () => {
  const { run, env, folder, calls } = machine();

  await expect(run({ env: { ...env, SLIPWAY_PROVIDER_MIRROR: "/nowhere" } })).rejects.toThrow(
    "SLIPWAY_PROVIDER_MIRROR names /nowhere",
  );
  expect(existsSync(join(folder, "clone/.slipway/setup.lock"))).toBe(false);

  await run();

  expect(calls().filter((call) => call.startsWith("npm"))).toEqual(["npm ci"]);
});

test("a clone that was moved is looked at again", async () => {
  const { run, root, folder, env } = machine();
  await run();
  const moved = join(folder, "moved");
  cpSync(root, moved, { recursive: true });
  rmSync(root, { recursive: true });

  const progress = new Progress({ write: () => {}, colour: false });
  const ready = await runSetup({ root: moved, env, progress, withTerraform: true });

  expect(ready.node22.path).toBe(join(moved, "node_modules/.bin/node"));
});
