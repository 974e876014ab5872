import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const hook = pathToFileURL(join(import.meta.dirname, "english-zod.mjs")).href;

/** What zod says, and how many of its languages were loaded to say it, in a process of its own. */
function said(withHook: boolean): { readonly messages: readonly string[]; readonly languages: number } {
  const program = `
    import { registerHooks } from "node:module";
    let languages = 0;
    registerHooks({ load(url, context, next) {
      if (/\\/zod\\/v4\\/locales\\/(?!index)/.test(url)) languages += 1;
      return next(url, context);
    } });
    ${withHook ? `(await import(${JSON.stringify(hook)})).loadEnglishZod();` : ""}
    const z = await import("zod");
    const { error } = z.object({ a: z.string(), b: z.number().max(3) }).strict().safeParse({ a: 1, b: 4, c: 5 });
    console.log(JSON.stringify({ messages: error.issues.map(({ message }) => message), languages }));`;
  const out = execFileSync(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: import.meta.dirname,
    encoding: "utf8",
  });
  return JSON.parse(out);
}

test("zod says the same, and loads no language but English for it", () => {
  const [plain, english] = [said(false), said(true)];
  expect(plain.languages).toBeGreaterThan(30);
  expect(english).toEqual({ messages: plain.messages, languages: 1 });
  expect(plain.messages).toHaveLength(3);
});
