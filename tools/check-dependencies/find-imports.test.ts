import { expect, test } from "vitest";
import { findImports } from "./find-imports.ts";

/** Code that contains a template with a placeholder, written so that it is none here. */
const placeholder = `$${"{"}`;

const specifiers = (source: string) => findImports(source).map(({ specifier }) => specifier);

test("finds every form of import, with its line and whether only types are meant", () => {
  const source = [
    'import a from "a";',
    "import { b, type B } from 'b';",
    'import type { C } from "c";',
    'import * as d from "d";',
    'import "e";',
    'export * from "f";',
    'export type { G } from "g";',
    "const h = await import(",
    '  "h"',
    ");",
    'const i = require("i");',
    'const j: typeof import("j") = import.meta.resolve("k");',
    "import {",
    "  l,",
    '} from "l";',
  ].join("\n");

  expect(findImports(source)).toEqual([
    { specifier: "a", line: 1, typeOnly: false },
    { specifier: "b", line: 2, typeOnly: false },
    { specifier: "c", line: 3, typeOnly: true },
    { specifier: "d", line: 4, typeOnly: false },
    { specifier: "e", line: 5, typeOnly: false },
    { specifier: "f", line: 6, typeOnly: false },
    { specifier: "g", line: 7, typeOnly: true },
    { specifier: "h", line: 9, typeOnly: false },
    { specifier: "i", line: 11, typeOnly: false },
    { specifier: "j", line: 12, typeOnly: false },
    { specifier: "k", line: 12, typeOnly: false },
    { specifier: "l", line: 15, typeOnly: false },
  ]);
});

test.each([
  ["a line comment", '// import "no"\nimport "yes";'],
  ["a block comment", '/* import "no" */ import "yes";'],
  ["a string", 'const a = \'import "no"\'; import "yes";'],
  ["a string with an escaped quote", 'const a = "\\" import \'no\'"; import "yes";'],
  ["a template", 'const a = `import "no" // `; import "yes";'],
  ["a template around code", `const a = \`x ${placeholder}{ b: \`y ${placeholder}c}\` }} import "no"\`; import "yes";`],
  ["a regular expression with quotes", 'const a = /["\'`]import "no"/.test(b); import "yes";'],
  ["a regular expression with a slash in a class", 'const a = [/[/"]/]; import "yes";'],
  ["a division", 'const a = b / c; import "yes"; const d = e / f;'],
])("is not misled by %s", (_name, source) => {
  expect(specifiers(source)).toEqual(["yes"]);
});

test("finds an import inside of a template's code", () => {
  expect(specifiers(`const a = \`x ${placeholder}await import("inside")} y\`;`)).toEqual(["inside"]);
});
