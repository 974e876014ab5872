// node tools/check-dependencies/main.ts: the dependency direction, as a check with an exit code.

import { resolve } from "node:path";
import { checkDependencies } from "./check-dependencies.ts";

const violations = checkDependencies(resolve(import.meta.dirname, "../.."));
for (const { file, line, what, why, next } of violations) {
  process.stdout.write(`${file}:${line}: ${what}.\n  Why:  ${why}.\n  Next: ${next}.\n`);
}
process.stdout.write(
  violations.length === 0 ? "Every import points downwards.\n" : `\n${violations.length} forbidden imports.\n`,
);
process.exitCode = violations.length === 0 ? 0 : 1;
