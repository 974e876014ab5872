import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, onTestFinished, test } from "vitest";

const cacheModule = pathToFileURL(join(import.meta.dirname, "cache-stripped-types.mjs")).href;

/** A program of one TypeScript module, run with a cache. */
function program() {
  const folder = mkdtempSync(join(tmpdir(), "slipway-types-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const cache = join(folder, "cache");
  const own = join(folder, "own");
  mkdirSync(own);
  const main = join(folder, "main.mjs");
  writeFileSync(
    main,
    `import { cacheStrippedTypes } from ${JSON.stringify(cacheModule)};
     cacheStrippedTypes(${JSON.stringify(cache)}, ${JSON.stringify(own)});
     await import("./said.ts" + (process.argv[2] ?? ""));`,
  );
  return {
    ...{ cache, folder, own },
    kept: () => readdirSync(cache, { recursive: true }).filter((name) => String(name).endsWith(".js")),
    async run(source: string, ...query: string[]) {
      writeFileSync(join(folder, "said.ts"), source);
      return promisify(execFile)(process.execPath, ["--disable-warning=ExperimentalWarning", main, ...query]);
    },
  };
}

test("a second start reads what the first one kept, and a changed source replaces it", async () => {
  const { run, kept } = program();

  expect((await run("const said: string = 'one';\nconsole.log(said);")).stdout).toBe("one\n");
  expect(kept()).toHaveLength(1);
  expect((await run("const said: string = 'one';\nconsole.log(said);")).stdout).toBe("one\n");
  expect((await run("const said: string = 'two';\nconsole.log(said);")).stdout).toBe("two\n");
  expect(kept()).toHaveLength(1);
});

test("what is imported under its digest is run and not kept: it has another address after each change", async () => {
  const { cache, run } = program();

  expect((await run("const said: string = 'one';\nconsole.log(said);", "?sha256=1")).stdout).toBe("one\n");
  expect((await run("const said: string = 'two';\nconsole.log(said);", "?sha256=2")).stdout).toBe("two\n");
  expect(existsSync(cache)).toBe(false);
});

test("modules of ours find each other, and what others link to is found where it really is", async () => {
  const { folder, own, run } = program();
  mkdirSync(join(folder, "elsewhere"));
  writeFileSync(join(own, "one.ts"), "import { two } from './two.ts';\nexport const one: string = 'one, ' + two;");
  writeFileSync(join(own, "two.ts"), "export const two: string = 'two';");
  writeFileSync(join(folder, "elsewhere/three.ts"), "export { four } from './four.ts';");
  writeFileSync(join(folder, "elsewhere/four.ts"), "export const four: string = 'four';");
  symlinkSync(join(folder, "elsewhere/three.ts"), join(folder, "three.ts"));

  const said = await run(
    "import { one } from './own/one.ts';\nimport { four } from './three.ts';\nconsole.log(one, four);",
  );

  expect(said.stdout).toBe("one, two four\n");
});

test("a module of ours that is missing is named", async () => {
  const { own, run } = program();
  writeFileSync(join(own, "one.ts"), "import './gone.ts';");

  await expect(run("import './own/one.ts';")).rejects.toThrow(/own\/gone\.ts/);
});

test("errors point at the line and column of the source", async () => {
  const { run } = program();
  const source = "interface Said {\n  text: string;\n}\nconst said: Said = { text: 'x' }; throw new Error(said.text);";

  for (const _start of ["first", "second"]) {
    await expect(run(source)).rejects.toThrow(/said\.ts:4:41/);
  }
});

test("a folder that cannot be made is no reason to fail", async () => {
  const { cache, run } = program();
  writeFileSync(cache, "a file is in its place");

  expect((await run("const said: string = 'one';\nconsole.log(said);")).stdout).toBe("one\n");
});
