import { spawnSync } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { temporaryFolder } from "@slipway/testing";
import { expect, it } from "vitest";
import { plantingProgram, USER_HEADER } from "./faulty-handler.ts";

const ESM = 'export const handler = async () => "as it was";\n';
const CJS = 'exports.handler = async () => "as it was";\n';

/** As after a build: the program itself lies elsewhere. */
const plantIn = (cwd: string) =>
  spawnSync(process.execPath, ["--input-type=module", "--eval", plantingProgram("none")], { cwd, encoding: "utf8" });

it.each([
  ["index.mjs", ESM, {}],
  ["index.cjs", CJS, {}],
  ["index.js", CJS, {}],
  ["index.js", ESM, { "package.json": '{"type":"module"}' }],
  ["index.mjs", ESM, { "lib.mjs": "export {};\n" }],
  ["main.mjs", ESM, {}],
])("stands before %s, whatever kind of module it is", async (file, source, others: Record<string, string>) => {
  using folder = temporaryFolder();
  for (const [name, content] of Object.entries({ ...others, [file]: source })) {
    writeFileSync(join(folder.path, name), content);
  }
  plantIn(folder.path);

  const { handler } = (await import(pathToFileURL(join(folder.path, file)).href)) as {
    handler: (event: object, context: object) => Promise<string>;
  };
  await expect(handler({ headers: {} }, {})).resolves.toBe("as it was");
  await expect(handler({ headers: { [USER_HEADER]: "poisoned" } }, {})).rejects.toThrow(RangeError);
});

it("plants nothing where nobody knows which module the handler is in", () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, "one.mjs"), ESM);
  writeFileSync(join(folder.path, "two.mjs"), ESM);
  const { status, stderr } = plantIn(folder.path);

  expect(status).toBe(1);
  expect(stderr).toContain("there is no index.js, index.mjs or index.cjs in the artifact");
  expect(readdirSync(folder.path)).toEqual(["one.mjs", "two.mjs"]);
});
