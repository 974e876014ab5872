// npm run docs: writes the parts of docs/ that are made of the code, and are committed. `--check` writes nothing, and exits with 1 when
// something is not current.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { generatedDocuments } from "./documentation/generated-documents.ts";
import { LOCAL_AWS_REFERENCE, localAwsReference } from "./documentation/local-aws-reference.ts";
import { readCoverage } from "./documentation/read-coverage.ts";

const repository = path.resolve(import.meta.dirname, "../..");
const isCheck = process.argv.includes("--check");

const documents = [
  ...(await generatedDocuments(repository)),
  { file: LOCAL_AWS_REFERENCE, content: localAwsReference(await readCoverage()) },
];
for (const { file, content } of documents) {
  const target = path.join(repository, file);
  const present = await readFile(target, "utf8").catch(() => undefined);
  if (present === content) {
    console.log(`${file}  current`);
  } else if (isCheck) {
    console.log(`${file}  NOT current: run npm run docs`);
    process.exitCode = 1;
  } else {
    await mkdir(path.dirname(target), { recursive: true });
    await writeFile(target, content);
    console.log(`${file}  written`);
  }
}
