import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { fetchedProviderFolder, findProvider, impliedMirrors, providerFromCliConfig } from "./provider.mjs";
import { temporaryFolder, writeFile } from "./test/temporary-folder.ts";

const path = "registry.terraform.io/hashicorp/aws";

function unpacked(mirror: string, version: string, platform = "linux_amd64"): void {
  writeFile(join(mirror, path, version, platform, `terraform-provider-aws_v${version}_x5`), "x", 0o755);
}

function machine() {
  const folder = temporaryFolder();
  const root = join(folder, "clone");
  const env = { HOME: join(folder, "home"), XDG_DATA_HOME: join(folder, "data"), XDG_DATA_DIRS: join(folder, "share") };
  const look = (more: Record<string, string> = {}) =>
    findProvider({ root, env: { ...env, ...more }, optFolder: join(folder, "opt"), platform: "linux_amd64" });
  return { folder, root, env, look };
}

test("nothing there: says where it looked, and that it may be fetched", () => {
  const { look, folder } = machine();

  const result = look();

  expect(result).toMatchObject({ ok: false, mayFetch: true });
  expect(result.ok ? "" : result.problem.why).toContain(join(folder, "clone/.slipway/plugins"));
});

test("each place is found, and an earlier one wins over all later ones", () => {
  const { folder, root, env, look } = machine();
  const places = [...impliedMirrors(root, env), fetchedProviderFolder(root), join(folder, "opt/some-mirror")];
  expect(places).toHaveLength(6);

  for (const place of places.reverse()) {
    unpacked(place, "5.100.0");

    expect(look()).toEqual({ ok: true, value: { source: "mirror", dir: place, version: "5.100.0" }, mayFetch: true });
  }
});

test("the folders are those that Terraform documents", () => {
  expect(impliedMirrors("/clone", { HOME: "/home/me" }).slice(0, 2)).toEqual([
    "/clone/terraform.d/plugins",
    "/home/me/.terraform.d/plugins",
  ]);
  expect(impliedMirrors("/clone", { HOME: "/home/me" }).slice(2)).toEqual(
    process.platform === "darwin"
      ? [
          "/home/me/Library/Application Support/io.terraform/plugins",
          "/Library/Application Support/io.terraform/plugins",
        ]
      : [
          "/home/me/.local/share/terraform/plugins",
          "/usr/local/share/terraform/plugins",
          "/usr/share/terraform/plugins",
        ],
  );
});

describe("which versions fit ~> 5.100", () => {
  test.each([
    [["5.99.0"], undefined],
    [["6.0.0"], undefined],
    [["5.101.0-beta1"], undefined],
    [["5.100.0", "5.101.2", "5.100.9", "6.1.0"], "5.101.2"],
  ])("%j", (versions, expected) => {
    const { folder, look } = machine();
    for (const version of versions) {
      unpacked(join(folder, "opt/mirror"), version);
    }

    const result = look();

    expect(result.ok ? result.value.version : undefined).toBe(expected);
  });

  test("a packed one counts as well; another platform's or an empty one does not", () => {
    const { folder, look } = machine();
    const mirror = join(folder, "home/.terraform.d/plugins");
    unpacked(mirror, "5.104.0", "darwin_arm64");
    writeFile(join(mirror, path, "5.103.0/linux_amd64/terraform-provider-aws_v5.103.0_x5"), "");
    writeFile(join(mirror, path, "terraform-provider-aws_5.102.0_windows_amd64.zip"), "x");
    expect(look().ok).toBe(false);

    writeFile(join(mirror, path, "terraform-provider-aws_5.101.0_linux_amd64.zip"), "x");

    expect(look()).toMatchObject({ ok: true, value: { version: "5.101.0" } });
  });
});

describe("SLIPWAY_PROVIDER_MIRROR", () => {
  test("wins over everything else", () => {
    const { folder, look } = machine();
    unpacked(join(folder, "home/.terraform.d/plugins"), "5.105.0");
    unpacked(join(folder, "named"), "5.100.0");

    const result = look({ SLIPWAY_PROVIDER_MIRROR: join(folder, "named") });

    expect(result).toMatchObject({ ok: true, value: { dir: join(folder, "named") } });
  });

  test("is not passed over in silence when it will not do", () => {
    const { folder, look } = machine();
    unpacked(join(folder, "opt/mirror"), "5.100.0");
    unpacked(join(folder, "old"), "4.67.0");

    const old = look({ SLIPWAY_PROVIDER_MIRROR: join(folder, "old") });
    const absent = look({ SLIPWAY_PROVIDER_MIRROR: "/does/not/exist" });

    expect(old).toMatchObject({ ok: false, mayFetch: false });
    expect(old.ok ? "" : old.problem.why).toMatch(/SLIPWAY_PROVIDER_MIRROR names .*\/old, which has 4\.67\.0 only/);
    expect(absent.ok ? "" : absent.problem.why).toContain("SLIPWAY_PROVIDER_MIRROR names /does/not/exist");
  });
});

test("a Terraform configuration counts only where it says where providers come from", () => {
  const { folder, env } = machine();
  const plain = writeFile(join(folder, "plain.tfrc"), 'plugin_cache_dir = "/x"\n# provider_installation {\n');
  const full = writeFile(
    join(folder, "full.tfrc"),
    'provider_installation {\n  network_mirror { url = "https://x/" }\n}\n',
  );

  expect(providerFromCliConfig({ ...env, TF_CLI_CONFIG_FILE: plain })).toBeUndefined();
  expect(providerFromCliConfig({ ...env, TF_CLI_CONFIG_FILE: full })).toEqual({ source: "registry", cliConfig: full });
  expect(providerFromCliConfig(env)).toBeUndefined();

  const own = writeFile(join(folder, "home/.terraformrc"), "provider_installation {}\n");

  expect(providerFromCliConfig(env)).toEqual({ source: "registry", cliConfig: own });
});
