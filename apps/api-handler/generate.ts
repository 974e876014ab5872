// npm run generate: writes what is made of contract, and is committed. `--check` writes nothing, and exits with 1 when something is
// not current.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { generatedFiles } from "./generated-files.ts";

const repository = path.resolve(import.meta.dirname, "../..");
const isCheck = process.argv.includes("--check");

for (const { file, content } of generatedFiles()) {
  const target = path.join(repository, file);
  const present = await readFile(target, "utf8").catch(() => undefined);
  if (present === content) {
    console.log(`${file}  current`);
  } else if (isCheck) {
    console.log(`${file}  NOT current: run npm run generate -w @slipway/api-handler`);
    process.exitCode = 1;
  } else {
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
    console.log(`${file}  written`);
  }
}
