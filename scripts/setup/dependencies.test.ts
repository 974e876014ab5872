import { rmSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { findDependencies, installDependencies, npmCommand, npmError, stampDependencies } from "./dependencies.mjs";
import { Progress } from "./progress.mjs";
import { temporaryFolder, writeFile } from "./test/temporary-folder.ts";

const lock = {
  "": { name: "root" },
  "apps/cli": { version: "0.1.0" },
  "node_modules/slipway": { resolved: "apps/cli", link: true },
  "node_modules/zod": { version: "4.0.0", integrity: "sha512-a" },
  "node_modules/zod/node_modules/deep": { version: "1.0.0", integrity: "sha512-b" },
  "node_modules/made-for-mac": { version: "1.0.0", integrity: "sha512-c", optional: true },
};
const { "node_modules/made-for-mac": _absent, "": _root, ...installedLock } = lock;

function clone(installed: Record<string, unknown> | undefined) {
  const root = temporaryFolder();
  writeFile(join(root, "package-lock.json"), JSON.stringify({ packages: lock }));
  for (const name of ["node", "vitest", "tsc", "biome"]) {
    writeFile(join(root, "node_modules/.bin", name), "", 0o755);
  }
  if (installed !== undefined) {
    writeFile(join(root, "node_modules/.package-lock.json"), JSON.stringify({ packages: installed }));
  }
  return root;
}

const whyOf = (root: string) => {
  const result = findDependencies(root);
  return result.ok ? "" : result.problem.why;
};

describe("findDependencies", () => {
  test("accepts what a developer installed by hand, and is stamped from then on", () => {
    const root = clone(installedLock);

    expect(findDependencies(root)).toEqual({ ok: true, value: { packages: 4, stamped: false } });

    stampDependencies(root);

    expect(findDependencies(root)).toEqual({ ok: true, value: { packages: 0, stamped: true } });
  });

  test("a changed lock file breaks the stamp", () => {
    const root = clone(installedLock);
    stampDependencies(root);
    const changed = { ...lock, "node_modules/zod": { version: "4.1.0", integrity: "sha512-z" } };

    writeFile(join(root, "package-lock.json"), JSON.stringify({ packages: changed }));

    expect(whyOf(root)).toBe("zod is 4.0.0, wanted is 4.1.0");
  });

  test.each([
    ["an absent package", { ...installedLock, "node_modules/zod": undefined }, "zod is not there, wanted is 4.0.0"],
    [
      "an absent nested package",
      { ...installedLock, "node_modules/zod/node_modules/deep": undefined },
      "deep is not there, wanted is 1.0.0",
    ],
    [
      "the same version with other content",
      { ...installedLock, "node_modules/zod": { version: "4.0.0", integrity: "sha512-other" } },
      "zod is 4.0.0, wanted is 4.0.0",
    ],
    ["an absent workspace", { ...installedLock, "node_modules/slipway": undefined }, "slipway is not there"],
    ["an installation that never ended", undefined, "npm left no record of a finished installation"],
  ])("tells about %s", (_name, installed, why) => {
    expect(whyOf(clone(installed))).toContain(why);
  });

  test("a stamp does not hide that an executable is gone", () => {
    const root = clone(installedLock);
    stampDependencies(root);

    rmSync(join(root, "node_modules/.bin/vitest"));

    expect(whyOf(root)).toBe("node_modules/.bin/vitest does not exist");
  });

  test("without a lock file this is no clone", () => {
    expect(whyOf(temporaryFolder())).toContain("does not hold the whole repository");
  });
});

describe("npm", () => {
  test("is never the one inside of node_modules, and neither is its node", () => {
    const root = temporaryFolder();
    for (const name of ["node_modules/.bin/npm", "node_modules/.bin/node", "bin/npm", "bin/node"]) {
      writeFile(join(root, name), "", 0o755);
    }

    const npm = npmCommand(root, { PATH: `${root}/node_modules/.bin:${root}/bin` });

    expect(npm).toMatchObject({ file: `${root}/bin/npm`, env: { PATH: `${root}/bin` } });
  });

  test("missing: one message with what to type", () => {
    expect(() => npmCommand("/clone", { PATH: "/nowhere" })).toThrow(
      /npm is not on the PATH\.\n {2}Why: {2}.*\n {2}Next: .*apt-get install npm/,
    );
  });

  test("a failing npm ci leaves no stamp and says what npm said", async () => {
    const root = clone(undefined);
    const npm =
      "#!/bin/sh\necho 'npm error code ENOTFOUND' >&2\n" +
      "echo 'npm error request to https://registry.npmjs.org/zod failed' >&2\nexit 1\n";
    writeFile(join(root, "bin/npm"), npm, 0o755);
    let output = "";
    const progress = new Progress({ write: (text) => (output += text), colour: false });

    const installing = installDependencies({ root, env: { PATH: `${root}/bin:/usr/bin:/bin` }, progress });

    await expect(installing).rejects.toThrow(
      "npm ci failed (ENOTFOUND).\n  Why:  request to https://registry.npmjs.org/zod failed\n  Next: check the network",
    );
    expect(findDependencies(root).ok).toBe(false);
    expect(output).toMatch(/npm ci \.\.\.\n.*failed \(\d+\.\d s\)\n$/);
  });

  test.each([
    ["EUSAGE", "npm install, then npm start"],
    ["EACCES", "writable"],
    ["ENOSPC", "disk space"],
    ["EWHATEVER", "npm ci, and read"],
  ])("%s has its advice", (code, advice) => {
    const stderr = `npm error code ${code}\nnpm error words\nnpm error A complete log of this run can be found in: /l.log`;

    const error = npmError("npm ci", { code: 1, signal: null, stdout: "", stderr, error: undefined });

    expect(error.problem).toMatchObject({ what: `npm ci failed (${code})`, why: "words" });
    expect(error.problem.next).toContain(advice);
    expect(error.problem.next).toContain("/l.log");
  });
});
