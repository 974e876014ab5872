import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const hook = pathToFileURL(join(import.meta.dirname, "require-aws-sdk.mjs")).href;

/** Every package of the SDK that this repository's packages name. */
const packages = ["cli", "../packages/aws", "../packages/local-aws"].flatMap((folder) => {
  const file = join(import.meta.dirname, "../../", folder, "package.json");
  const { dependencies = {} } = JSON.parse(readFileSync(file, "utf8")) as { dependencies?: Record<string, string> };
  return Object.keys(dependencies).filter((name) => /^@(aws-sdk|smithy)\//.test(name));
});

/** What importing each of them gives, in a process of its own. */
function exportsOf(names: readonly string[], withHook: boolean): Record<string, string[]> {
  const program = `
    const { registerHooks } = await import("node:module");
    ${withHook ? `(await import(${JSON.stringify(hook)})).requireAwsSdk();` : ""}
    let generated = 0;
    registerHooks({ load(url, context, next) {
      const loaded = next(url, context);
      if (/@(aws-sdk|smithy)/.test(url) && loaded.format === "module") generated += 1;
      return loaded;
    } });
    const found = {};
    for (const name of ${JSON.stringify(names)}) {
      const module = await import(name);
      found[name] = Object.keys(module).filter((key) => key !== "module.exports").sort();
      const isSame = module.default === process.getBuiltinModule("module").createRequire(import.meta.url)(name);
      if (!isSame) found[name].push("ANOTHER DEFAULT");
    }
    found.generated = [String(generated > 0)];
    console.log(JSON.stringify(found));`;
  const out = execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: join(import.meta.dirname, "../../../packages/aws"),
    encoding: "utf8",
  });
  return JSON.parse(out) as Record<string, string[]>;
}

test("what is imported of the SDK is the same, by names and as the default", () => {
  const names = [...new Set(packages)];
  expect(names).toContain("@aws-sdk/client-lambda");
  const [plain, hooked] = [exportsOf(names, false), exportsOf(names, true)];
  expect(hooked).toEqual({ ...plain, generated: ["true"] });
  expect(plain.generated).toEqual(["false"]);
});
