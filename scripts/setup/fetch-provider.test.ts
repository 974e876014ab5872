import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fetchProvider } from "./fetch-provider.mjs";
import { goPlatform } from "./go-platform.mjs";
import { Progress } from "./progress.mjs";
import { fetchedProviderFolder, findProvider } from "./provider.mjs";
import { temporaryFolder, writeFile } from "./test/temporary-folder.ts";

/** A machine whose Terraform is the given shell script, run in the folder of the module that it shall initialise. */
function machine(script: string) {
  const folder = temporaryFolder();
  const root = join(folder, "clone");
  const env = { PATH: "/usr/bin:/bin", HOME: folder, XDG_DATA_HOME: folder, XDG_DATA_DIRS: folder };
  const terraform = writeFile(join(folder, "terraform"), `#!/bin/sh\n${script}\n`, 0o755);
  const found = () => findProvider({ root, env, optFolder: join(folder, "opt") });
  const because = { what: "The provider is not on this machine", why: "", next: "" };
  const progress = new Progress({ write: () => {}, colour: false });
  return { root, found, fetch: () => fetchProvider({ root, env, terraform, progress, because }) };
}

test("what Terraform downloads is found from then on", async () => {
  const program = `registry.terraform.io/hashicorp/aws/5.100.0/${goPlatform()}`;
  const { root, found, fetch } = machine(
    `[ "$1" = init ] && grep -q '~> 5.100' versions.tf || exit 1
     mkdir -p "$TF_PLUGIN_CACHE_DIR/${program}"
     echo program > "$TF_PLUGIN_CACHE_DIR/${program}/terraform-provider-aws_v5.100.0_x5"`,
  );
  expect(found().ok).toBe(false);

  await fetch();

  expect(found()).toMatchObject({ ok: true, value: { dir: fetchedProviderFolder(root), version: "5.100.0" } });
  expect(readdirSync(join(root, ".slipway"))).toEqual(["plugins"]);
});

test("a download that fails leaves nothing behind, and gives Terraform's reason in one message", async () => {
  const { root, fetch } = machine(
    `mkdir -p "$TF_PLUGIN_CACHE_DIR/registry.terraform.io"
     printf '╷\\n│ Error: Failed to query available provider packages\\n│ \\n│ no such host\\n╵\\n' >&2
     exit 1`,
  );

  await expect(fetch()).rejects.toThrow(
    "The provider is not on this machine, and cannot be fetched.\n" +
      "  Why:  Error: Failed to query available provider packages no such host\n" +
      "  Next: check the network or HTTPS_PROXY",
  );
  expect(existsSync(fetchedProviderFolder(root))).toBe(false);
  expect(readdirSync(join(root, ".slipway"))).toEqual([]);
});
