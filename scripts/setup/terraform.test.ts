import { join } from "node:path";
import { expect, test } from "vitest";
import { fetchedTerraformPath, findTerraform } from "./terraform.mjs";
import { temporaryFolder, writeFile } from "./test/temporary-folder.ts";

/** A stand-in that answers `terraform version -json`, and notes that it was asked. */
function fakeTerraform(path: string, version: string): string {
  const script = `#!/bin/sh\necho asked >> "${path}.log"\necho '{"terraform_version": "${version}"}'\n`;
  return writeFile(path, script, 0o755);
}

function machine() {
  const folder = temporaryFolder();
  const root = join(folder, "clone");
  const look = (env: Record<string, string> = {}) =>
    findTerraform({ root, env: { PATH: `${join(folder, "bin")}:/usr/bin:/bin`, ...env } });
  return { folder, root, look };
}

test("the PATH wins over an earlier download", async () => {
  const { folder, root, look } = machine();
  fakeTerraform(fetchedTerraformPath(root), "1.11.4");
  const path = fakeTerraform(join(folder, "bin/terraform"), "1.13.0");

  expect(await look()).toMatchObject({ ok: true, value: { path, version: "1.13.0" } });
});

test("an old one on the PATH is told by its version, and an earlier download is used instead", async () => {
  const { folder, root, look } = machine();
  fakeTerraform(join(folder, "bin/terraform"), "1.5.7");

  const old = await look();

  expect(old).toMatchObject({ ok: false, mayFetch: true });
  expect(old.ok ? "" : old.problem.what).toBe("Terraform 1.5.7 from the PATH is too old");

  const path = fakeTerraform(fetchedTerraformPath(root), "1.11.4");

  expect(await look()).toMatchObject({ ok: true, value: { path } });
});

test.each([
  ["1.11.0", true],
  ["1.11.0-rc1", false],
  ["1.10.5", false],
  ["2.0.0", true],
])("version %s is new enough: %s", async (version, expected) => {
  const { folder, look } = machine();
  fakeTerraform(join(folder, "bin/terraform"), version);

  expect((await look()).ok).toBe(expected);
});

test("SLIPWAY_TERRAFORM is used, or refused by name, but never passed over", async () => {
  const { folder, look } = machine();
  fakeTerraform(join(folder, "bin/terraform"), "1.12.0");
  const old = fakeTerraform(join(folder, "old"), "1.3.0");
  const good = fakeTerraform(join(folder, "good"), "1.11.1");

  expect(await look({ SLIPWAY_TERRAFORM: good })).toMatchObject({ ok: true, value: { path: good } });
  for (const [path, why] of [
    [old, "1.3.0 from SLIPWAY_TERRAFORM is too old"],
    [join(folder, "nowhere"), "nowhere, which is no executable file"],
    [writeFile(join(folder, "plain"), "text"), "plain, which is no executable file"],
  ] as const) {
    const result = await look({ SLIPWAY_TERRAFORM: path });
    expect(result).toMatchObject({ ok: false, mayFetch: false });
    expect(result.ok ? "" : `${result.problem.what}: ${result.problem.why}`).toContain(why);
  }
});

test("what does not run, or prints no version, is told apart from what is missing", async () => {
  const { folder, look } = machine();
  const broken = writeFile(join(folder, "broken"), "#!/bin/sh\necho 'cannot execute: wrong libc' >&2\nexit 1\n", 0o755);

  const result = await look({ SLIPWAY_TERRAFORM: broken });

  expect(result.ok ? "" : `${result.problem.what}; ${result.problem.why}`).toBe(
    `Terraform from SLIPWAY_TERRAFORM does not run; ${broken}: cannot execute: wrong libc`,
  );
  const missing = await look();
  expect(missing.ok ? "" : missing.problem.what).toBe("Terraform is not installed");
});
