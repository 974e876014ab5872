import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { environmentVariables, namelessReads } from "./environment-variables.ts";
import { findVariables } from "./find-variables.ts";

const repository = resolve(import.meta.dirname, "../../..");
const listed = Object.values(environmentVariables).flatMap((group) => group.map(({ name }) => name));

/** A placeholder in a template, written so that it is none here. */
const placeholder = `$${"{"}major}`;

/** Sources, but for the applications of examples, and for the list itself, which has reads as texts. */
const sources = execFileSync(
  "git",
  ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.ts", "*.mjs", "*.cjs"],
  {
    cwd: repository,
    encoding: "utf8",
  },
)
  .split("\0")
  .filter(
    (file) => file !== "" && !/^examples\/|\/environment-variables\./.test(file) && existsSync(join(repository, file)),
  );
const isOfTests = (file: string) => /\.test\.ts$|-fixture\.ts$|\/test\/|^e2e\//.test(file);

/** Tests speak of variables of functions and programs that they make up; only ours are read by them. */
const reads = sources.flatMap((file) =>
  findVariables(readFileSync(join(repository, file), "utf8"))
    .filter(({ name }) => !isOfTests(file) || name?.startsWith("SLIPWAY_") === true)
    .map((read) => ({ file, ...read })),
);

test("every environment variable that the code reads is in the list", () => {
  const missing = reads
    .filter(({ name, file, text }) =>
      name === undefined
        ? !namelessReads.some((nameless) => nameless[0] === file && nameless[1] === text)
        : !listed.includes(name),
    )
    .map(
      ({ file, line, text }) => `${file}:${line}: ${text}: list it in apps/cli/documentation/environment-variables.ts`,
    );

  expect(missing).toEqual([]);
});

test("every variable in the list is read", () => {
  const read = new Set([...reads.map(({ name }) => name), ...namelessReads.flatMap(([, , names]) => names)]);
  const there = new Set(reads.map(({ file, text }) => `${file} ${text}`));

  expect(listed.filter((name) => !read.has(name))).toEqual([]);
  expect(namelessReads.filter(([file, text]) => !there.has(`${file} ${text}`))).toEqual([]);
  expect(new Set(listed).size).toBe(listed.length);
});

test.each([
  ["process.env.A; io.env.B?.trim(); env?.C", ["A", "B", "C"]],
  ["process.env['A'] + env[`B_2`]", ["A", "B_2"]],
  ['const A = "SLIPWAY_A"; read(env[A])', ["SLIPWAY_A"]],
  ["const { A, B: b = 'x', C } = process.env;", ["A", "B", "C"]],
  ["const { A }: NodeJS.ProcessEnv = env;", ["A"]],
  [`env[\`SLIPWAY_NODE${placeholder}\`]; env[name]`, [undefined, undefined]],
  ["// env.A\n/* process.env.B */ env.C", ["C"]],
  ["import.meta.env.lower; environment.A; env; { env: process.env }", []],
])("in %j are read", (source, names) => {
  expect(findVariables(source).map(({ name }) => name)).toEqual(names);
});
