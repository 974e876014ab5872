import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { importDirectly, originsOf } from "./direct-imports.mjs";
import { repositoryRoot } from "./setup/repository-root.ts";

const origins = new Map([
  ["one", { module: "file:///p/one.ts", name: "one" }],
  ["uno", { module: "file:///p/one.ts", name: "uno" }],
  ["two", { module: "file:///p/two.ts", name: "second" }],
]);
const direct = (code: string) =>
  importDirectly(code, (specifier) => (specifier === "@slipway/numbers" ? origins : undefined));

test("what is named is imported from the modules that have it, and lines stay where they are", () => {
  const code = [
    '// "@slipway/numbers"',
    'import { readFileSync } from "node:fs";',
    "/* import { one } */",
    'import * as z from "zod";',
    'import data from "./data.json" with { type: "json" };',
    "import {",
    "  one,",
    "  two as deux,",
    "  uno,",
    '} from "@slipway/numbers";',
    'export { three } from "./three.ts";',
    'import { two } from "@slipway/numbers"; import "./last.ts";',
    "throw new Error(one);",
  ].join("\n");
  const lines = direct(code).split("\n");

  expect(lines).toHaveLength(code.split("\n").length);
  expect(lines[5]).toBe(
    'import { one, uno } from "file:///p/one.ts"; import { second as deux } from "file:///p/two.ts";',
  );
  expect(lines[11]).toBe('import { second as two } from "file:///p/two.ts"; import "./last.ts";');
  expect(lines.filter((_, index) => index < 5 || index === 10 || index === 12)).toEqual(
    code.split("\n").filter((_, index) => index < 5 || index === 10 || index === 12),
  );
});

test.each([
  ["a name that is not there", 'import { one, four } from "@slipway/numbers";'],
  ["another package", 'import { one } from "@slipway/letters";'],
  ["a whole package", 'import * as all from "@slipway/numbers";'],
  ["nothing but its doing", 'import "@slipway/numbers";'],
  ["no name", 'import {  } from "@slipway/numbers";'],
  [
    "what is text",
    'export const text = `\nimport { one } from "@slipway/numbers";\nimport { one } from "@slipway/numbers";\n`;',
  ],
  ["what comes later", 'const first = 1;\nimport { one } from "@slipway/numbers";'],
  ["what is imported on demand", 'await import("@slipway/numbers");\nimport { one } from "@slipway/numbers";'],
])("%s is left as it is", (_, code) => {
  expect(direct(code)).toBe(code);
});

test("an index hands on names, under others where it says so, and no types", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-index-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const index = join(folder, "index.ts");
  writeFileSync(index, 'export {\n  a,\n  type B,\n  c as d,\n} from "./a.ts";\nexport type { E } from "./e.ts";\n');
  const module = pathToFileURL(join(folder, "a.ts")).href;

  expect(originsOf(pathToFileURL(index).href)).toEqual(
    new Map([
      ["a", { module, name: "a" }],
      ["d", { module, name: "c" }],
    ]),
  );
});

const packages = ["analysis", "aws", "contracts", "local-aws", "release-engine", "release-plan"].flatMap((name) => {
  const { exports } = JSON.parse(readFileSync(join(repositoryRoot, "packages", name, "package.json"), "utf8"));
  return Object.entries(exports as Record<string, string>)
    .filter(([, file]) => file.endsWith("/index.ts"))
    .map(([at, file]) => [`@slipway/${name}${at.slice(1)}`, join(repositoryRoot, "packages", name, file)] as const);
});

test.each(packages)("the index of %s does nothing but hand on, so that nobody misses it", async (specifier, file) => {
  const left = readFileSync(file, "utf8")
    .replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "")
    .replace(/export (type )?\{[^}]*\} from "\.[^"]+";/g, "");
  expect(left.trim()).toBe("");

  const index: Record<string, unknown> = await import(file);
  const found = originsOf(pathToFileURL(file).href);
  expect([...found.keys()].sort()).toEqual(Object.keys(index).sort());
  for (const [name, origin] of found) {
    const own: Record<string, unknown> = await import(fileURLToPath(origin.module));
    expect(own[origin.name], `${specifier}: ${name}`).toBe(index[name]);
  }
});
