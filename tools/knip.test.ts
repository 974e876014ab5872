import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";

const root = resolve(import.meta.dirname, "..");

/** What the check of dead exports says about a repository like ours, by the rules of ours. */
function findDead(files: Record<string, string>) {
  const folder = mkdtempSync(join(tmpdir(), "slipway-dead-exports-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const all = {
    "package.json": JSON.stringify({ name: "root", workspaces: ["apps/*", "packages/*"] }),
    "apps/cli/package.json": JSON.stringify({
      name: "cli",
      main: "./src/main.ts",
      dependencies: { "@slipway/p": "*" },
    }),
    "packages/p/package.json": JSON.stringify({
      name: "@slipway/p",
      exports: "./src/index.ts",
      dependencies: { fflate: "*" },
    }),
    ...files,
  };
  for (const [name, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  mkdirSync(join(folder, "node_modules/@slipway"), { recursive: true });
  const knip = join(root, "node_modules/knip/bin/knip.js");
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [knip, "--directory", folder, "--config", join(root, "knip.config.ts"), "--no-progress", "--no-config-hints"],
    { encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } },
  );
  return { status, said: `${stdout}${stderr}` };
}

// One run for all of it: starting the tool is what takes the time.
test("what nobody imports is dead, also in a package's index, and what is imported is not", () => {
  const { status, said } = findDead({
    "apps/cli/src/main.ts": 'import { used } from "@slipway/p";\nconsole.log(used);\n',
    "packages/p/src/index.ts": 'export { used, forNobody } from "./p.ts";\n',
    "packages/p/src/p.ts": "export const used = 1;\nexport const forNobody = 2;\nexport interface Lonely {}\n",
    "packages/p/src/forgotten.ts": "export const forgotten = 1;\n",
  });

  expect(said).toMatch(/forNobody +packages\/p\/src\/index\.ts/);
  expect(said).toMatch(/Lonely .*packages\/p\/src\/p\.ts/);
  expect(said).toContain("packages/p/src/forgotten.ts");
  expect(said).toMatch(/fflate +packages\/p\/package\.json/);
  expect(said).not.toMatch(/\bused +packages|@slipway\/p/);
  expect(status).toBe(1);
});
