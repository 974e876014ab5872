import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkDependencies } from "./check-dependencies.ts";

let root: string;

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

function workspace(folder: string, name: string, dependencies: readonly string[], exports = [".", "./testing"]): void {
  write(
    `${folder}/package.json`,
    JSON.stringify({
      name,
      exports: Object.fromEntries(exports.map((entry) => [entry, "./src/index.ts"])),
      dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, "0.1.0"])),
      devDependencies: { "@slipway/testing": "0.1.0", "@types/aws-lambda": "8.0.0" },
    }),
  );
  write(`${folder}/src/index.ts`, 'import { join } from "node:path";\nexport const path = join("a", "b");\n');
}

/** Everything may be imported as far as the declarations go, so that only the direction is under test. */
const everything = [
  "@slipway/contracts",
  "@slipway/release-plan",
  "@slipway/release-engine",
  "@slipway/aws",
  "@slipway/local-aws",
  "@slipway/api-handler",
  "slipway",
  "@aws-sdk/client-s3",
  "zod",
];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "slipway-dependencies-"));
  write("package.json", JSON.stringify({ name: "root", devDependencies: { vitest: "5.1.1", esbuild: "0.28.2" } }));
  for (const name of ["contracts", "release-plan", "release-engine", "aws", "local-aws", "testing"]) {
    workspace(`packages/${name}`, `@slipway/${name}`, everything);
  }
  workspace("apps/api-handler", "@slipway/api-handler", everything);
  workspace("apps/cli", "slipway", everything);
  workspace("e2e", "@slipway/e2e", everything);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

describe("what is allowed", () => {
  test.each([
    ["apps/cli/src/a.ts", "@slipway/aws"],
    ["apps/cli/src/a.ts", "@slipway/contracts"],
    ["apps/cli/src/a.ts", "@slipway/local-aws"],
    ["apps/cli/src/a.ts", "../../../scripts/setup/find.mjs"],
    ["packages/aws/src/a.ts", "@slipway/release-engine"],
    ["packages/aws/src/a.ts", "@aws-sdk/client-s3"],
    ["packages/aws/src/a.test.ts", "@slipway/local-aws"],
    ["packages/release-engine/src/a.test.ts", "@slipway/testing"],
    ["packages/release-engine/src/a.test.ts", "vitest"],
    ["packages/release-engine/src/a.ts", "./index.ts"],
    ["packages/release-engine/src/a.ts", "fs"],
    ["e2e/src/a.ts", "@slipway/testing"],
    ["tools/a.ts", "../scripts/b.mjs"],
    ["apps/api-handler/build.ts", "esbuild"],
  ])("%s imports %s", (file, specifier) => {
    write(file, `import "${specifier}";\n`);

    expect(checkDependencies(root)).toEqual([]);
  });

  test("types may come from a development dependency on @types", () => {
    write("packages/aws/src/a.ts", 'import type { Context } from "aws-lambda";\n');

    expect(checkDependencies(root)).toEqual([]);
  });
});

describe("what is forbidden", () => {
  test.each([
    ["upwards", "packages/release-engine/src/a.ts", "@slipway/aws", /direction is apps -> aws/],
    ["upwards from the bottom", "packages/contracts/src/a.ts", "@slipway/release-plan", /none of our packages/],
    ["sideways", "packages/aws/src/a.ts", "@slipway/local-aws", /direction/],
    ["local AWS on the engine", "packages/local-aws/src/a.ts", "@slipway/release-engine", /direction/],
    ["an app", "packages/aws/src/a.ts", "@slipway/api-handler", /nothing imports an app/],
    ["an app from a test", "e2e/src/a.test.ts", "slipway", /nothing imports an app/],
    ["deep", "packages/aws/src/a.ts", "@slipway/contracts/src/item.ts", /exports \., \.\/testing/],
    ["testing from production", "packages/aws/src/a.ts", "@slipway/testing", /fakes and test clocks/],
    ["the AWS SDK in the engine", "packages/release-engine/src/a.ts", "@aws-sdk/client-s3", /know the AWS SDK/],
    ["the AWS SDK in the CLI", "apps/cli/src/a.ts", "@aws-sdk/client-s3", /know the AWS SDK/],
    ["out of the package", "packages/aws/src/a.ts", "../../contracts/src/index.ts", /goes round its exports/],
    ["to the set-up from elsewhere", "packages/aws/src/a.ts", "../../../scripts/setup/a.mjs", /goes round its exports/],
    ["a build tool in what is shipped", "apps/api-handler/src/a.ts", "esbuild", /npm hoisted it/],
    ["undeclared", "packages/aws/src/a.ts", "left-pad", /npm hoisted it/],
    ["undeclared in a tool", "tools/a.ts", "left-pad", /npm hoisted it/],
  ])("%s", (_name, file, specifier, why) => {
    write(file, `// a comment\n\nexport * from "${specifier}";\n`);

    const violations = checkDependencies(root);

    expect(violations).toHaveLength(1);
    expect(violations[0]).toMatchObject({ file, line: 3, why: expect.stringMatching(why) });
    expect(violations[0]?.what).not.toBe("");
    expect(violations[0]?.next).not.toBe("");
  });

  test("a workspace that the rules do not know", () => {
    workspace("packages/surprise", "@slipway/surprise", everything);
    write("packages/surprise/src/a.ts", 'import "@slipway/contracts";\n');

    expect(() => checkDependencies(root)).toThrow(/do not know the workspace @slipway\/surprise/);
  });
});

test("this repository is checked in at most a hundred times what reading its sources takes", () => {
  const root = resolve(import.meta.dirname, "../..");
  const sources = globSync("{apps,data,e2e,packages,scripts,tools}/**/*.{ts,mjs}", {
    cwd: root,
    exclude: (name) => /node_modules|dist|coverage/.test(String(name)),
  });
  const round = () => {
    const own = processorTime(() => void checkDependencies(root));
    const reading = processorTime(() => {
      for (const file of sources) readFileSync(join(root, file), "utf8");
    });
    return own / reading;
  };

  // About twenty times, and fifty when lines are counted for coverage. A parser would take hundreds, in each of three rounds.
  const most = 100;
  let least = Number.POSITIVE_INFINITY;
  for (let rounds = 0; rounds < 3 && least >= most; rounds += 1) {
    least = Math.min(least, round());
  }
  expect(sources.length).toBeGreaterThan(1_000);
  expect(least).toBeLessThan(most);
});

/** Microseconds of one processor that some work takes. */
function processorTime(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return user + system;
}
