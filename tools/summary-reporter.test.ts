import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { summaryLine } from "./summary-reporter.ts";

const root = resolve(import.meta.dirname, "..");

/** Runs vitest itself over the given test files, with the reporter, and gives back what it printed. */
function runTests(files: Record<string, string>) {
  // Inside of the repository, so that the files find vitest.
  const folder = mkdtempSync(join(root, "node_modules/.summary-reporter-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const reporter = JSON.stringify(join(import.meta.dirname, "summary-reporter.ts"));
  writeFileSync(
    join(folder, "vitest.config.ts"),
    `import { SummaryReporter } from ${reporter};
     export default { test: { exclude: [], reporters: ["default", new SummaryReporter()] } };`,
  );
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), `import { afterAll, expect, test } from "vitest";\n${content}`);
  }
  const { stdout, status } = spawnSync(process.execPath, [join(root, "node_modules/vitest/vitest.mjs"), "run"], {
    cwd: folder,
    encoding: "utf8",
  });
  return { last: stdout.trimEnd().split("\n").at(-1), status };
}

test("the last line counts what passed, failed and was left out", () => {
  const { last, status } = runTests({
    "a.test.ts": `test("one", () => {}); test("two", () => { expect(1).toBe(2); }); test.skip("three", () => {});`,
    "b.test.ts": `test("four", () => {});`,
  });

  expect({ last, status }).toEqual({ last: "2 passed, 1 failed, 1 skipped", status: 1 });
});

test("a file that cannot be loaded, a hook and an error outside of any test are failures", () => {
  const { last, status } = runTests({
    "load.test.ts": `import "./does-not-exist.ts";`,
    "hook.test.ts": `test("fine", () => {}); afterAll(() => { throw new Error("in the hook"); });`,
    "outside.test.ts": `test("fine", async () => {
      setTimeout(() => { throw new Error("outside"); });
      await new Promise((resolve) => setTimeout(resolve, 50));
    });`,
  });

  expect({ last, status }).toEqual({ last: "2 passed, 3 failed", status: 1 });
});

test("all good", () => {
  expect(runTests({ "a.test.ts": `test("one", () => {});` })).toEqual({ last: "1 passed, 0 failed", status: 0 });
});

test("skipped tests are left out of the line where there are none", () => {
  expect(summaryLine({ passed: 3, failed: 0, skipped: 0 })).toBe("3 passed, 0 failed");
});
