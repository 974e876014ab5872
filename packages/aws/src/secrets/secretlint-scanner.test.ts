import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "@slipway/testing";
import { expect, test } from "vitest";
import { SecretlintScanner } from "./secretlint-scanner.ts";

// Put together here, so that this file has none of them in it.
const PLANTED: Readonly<Record<string, string>> = {
  "github.ts": `const token = "ghp_${"aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6"}";\n`,
  "key.pem": `-----BEGIN ${"PRIVATE KEY"}-----\n${"MIIEvQIBADANBgkqhkiG9w0BAQEFAASC".repeat(8)}\n-----END ${"PRIVATE KEY"}-----\n`,
  "aws.ini": `aws_secret_access_key = ${"wJalrXUtnFEMIK7MDENGbPxRfiCYzz1234KEYs9Q"}\n`,
  "aws-id.ts": `const id = "AKIA${"Z7QW3ER5TY6UI2OP"}";\n`,
  "slack.ts": `post("xoxb-${"123456789012-1234567890123-abcdefghijklmnopqrstuvwx"}");\n`,
  "url.ts": `connect("https://admin:${"hunter22hunter22"}@db.example.com/orders");\n`,
  "npm.txt": `//registry.npmjs.org/:_authToken=npm_${"aB3dE6gH9jK2mN5pQ8sT1vW4yZ7bC0eF3hJ6"}\n`,
};
const CLEAN: Readonly<Record<string, string>> = {
  "account.ts": 'const role = "arn:aws:iam::123456789012:role/deploy"; const account_id = "123456789012";\n',
  "role-id.json": `{ "unique_id": "AROA${"XEBAHGAAIYTO6I4A"}" }\n`,
  "digest.ts": `const sha256 = "${"0123456789abcdef".repeat(4)}";\n`,
  "variable.ts": "const password = process.env.PASSWORD;\n",
};

test("planted secrets are found, each in its line, and nothing else is", async () => {
  using folder = temporaryFolder();
  const all = { ...PLANTED, ...CLEAN };
  for (const [name, text] of Object.entries(all)) {
    writeFileSync(join(folder.path, name), `// a comment\n${text}// the end\n`);
  }

  const { findings, scanned } = await new SecretlintScanner(folder.path).scan(Object.keys(all), { allow: [] });

  expect(findings.map(({ path }) => path).sort()).toEqual(Object.keys(PLANTED).sort());
  expect(findings.map(({ line }) => line)).toEqual(findings.map(() => 2));
  expect(scanned).toBe(Object.keys(all).length);
  expect(JSON.stringify(findings)).not.toContain("hunter22");
});

test("what somebody answers for is no finding: by its text, or by a comment in its line", async () => {
  using folder = temporaryFolder();
  const id = `AKIA${"Z7QW3ER5TY6UI2OP"}`;
  writeFileSync(join(folder.path, "a.ts"), PLANTED["aws-id.ts"] ?? "");
  writeFileSync(
    join(folder.path, "b.ts"),
    `${(PLANTED["github.ts"] ?? "").trim()} // secretlint-disable-line -- an example\n\n`,
  );
  const scanner = new SecretlintScanner(folder.path);

  expect((await scanner.scan(["a.ts", "b.ts"], { allow: [] })).findings).toMatchObject([{ path: "a.ts" }]);
  expect((await scanner.scan(["a.ts", "b.ts"], { allow: [id] })).findings).toEqual([]);
});

test("what is no text, or too much of it, is not looked at, and that is told", async () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, "picture.png"), `\0${PLANTED["github.ts"]}`);
  const large = 2 * 1024 * 1024 + 1;
  writeFileSync(join(folder.path, "data.json"), `${PLANTED["github.ts"]}${" ".repeat(large)}`);
  writeFileSync(join(folder.path, "film.mp4"), `\0${" ".repeat(large)}`);
  const paths = ["picture.png", "data.json", "film.mp4"];

  expect(await new SecretlintScanner(folder.path).scan(paths, { allow: [] })).toEqual({
    ...{ findings: [], scanned: 0, binary: 2, tooLarge: ["data.json"] },
  });
});

test("asked to stop, it stops", async () => {
  using folder = temporaryFolder();
  writeFileSync(join(folder.path, "a.ts"), "");
  const scanning = new SecretlintScanner(folder.path).scan(["a.ts"], { allow: [], signal: AbortSignal.abort() });

  await expect(scanning).rejects.toMatchObject({ kind: "interrupted" });
});

test("its name has the version that is installed", () => {
  const manifest = new URL("../../../../node_modules/@secretlint/core/package.json", import.meta.url);

  expect(new SecretlintScanner("/").name).toBe(`secretlint ${JSON.parse(readFileSync(manifest, "utf8")).version}`);
});
