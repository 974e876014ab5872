import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checksumOf, fetchTerraform } from "./fetch-terraform.mjs";
import { goPlatform } from "./go-platform.mjs";
import { Progress } from "./progress.mjs";
import { fetchedTerraformPath, findTerraform } from "./terraform.mjs";
import { makeZip } from "./test/make-zip.ts";
import { temporaryFolder } from "./test/temporary-folder.ts";
import { fetchedTerraform } from "./versions.mjs";

const archiveName = `terraform_${fetchedTerraform}_${goPlatform()}.zip`;
const archivePath = `/terraform/${fetchedTerraform}/${archiveName}`;
const sumsPath = `/terraform/${fetchedTerraform}/terraform_${fetchedTerraform}_SHA256SUMS`;
const program = `#!/bin/sh\necho '{"terraform_version": "${fetchedTerraform}"}'\n`;
const archive = makeZip([
  { name: "LICENSE.txt", content: "licence" },
  { name: "terraform", content: program, mode: 0o100755 },
]);
const sums = `${"0".repeat(64)}  terraform_${fetchedTerraform}_plan9_mips.zip\n${sha256(archive)}  ${archiveName}\n`;

function sha256(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Serves the files as a release server would, on a free port of this machine. */
async function serve(files: Record<string, string | Uint8Array>) {
  const server = createServer((request, response) => {
    const content = files[new URL(request.url ?? "", "http://server").pathname];
    response.statusCode = content === undefined ? 404 : 200;
    response.end(content);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function fetchFrom(root: string, env: Record<string, string>) {
  return fetchTerraform({
    root,
    env: { PATH: "/usr/bin:/bin", ...env },
    node: process.execPath,
    progress: new Progress({ write: () => {}, colour: false }),
    because: { what: "Terraform is not installed", why: "there is no terraform on the PATH", next: "" },
  });
}

test("fetches the release, checks it, and leaves a program that runs", async () => {
  const root = temporaryFolder();
  const server = await serve({ [sumsPath]: sums, [archivePath]: archive });

  await fetchFrom(root, { SLIPWAY_TERRAFORM_RELEASES: `${server}/` });

  const path = fetchedTerraformPath(root);
  expect(readFileSync(path, "utf8")).toBe(program);
  expect(statSync(path).mode & 0o777).toBe(0o755);
  expect(readdirSync(dirname(path))).toEqual(["terraform"]);
  expect(await findTerraform({ root, env: { PATH: "/nowhere" } })).toMatchObject({ ok: true, value: { path } });
});

test("an archive with another checksum is thrown away", async () => {
  const root = temporaryFolder();
  const other = makeZip([{ name: "terraform", content: "#!/bin/sh\necho gotcha\n", mode: 0o100755 }]);
  const server = await serve({ [sumsPath]: sums, [archivePath]: other });

  const fetching = fetchFrom(root, { SLIPWAY_TERRAFORM_RELEASES: server });

  await expect(fetching).rejects.toThrow(
    new RegExp(`not the released one\\.\\n  Why: .*${sha256(other)}.*says ${sha256(archive)}`),
  );
  expect(readdirSync(join(root, ".slipway/bin"))).toEqual([]);
});

test("an archive that is whole by its checksum and yet no zip leaves nothing behind", async () => {
  const root = temporaryFolder();
  const page = Buffer.from("<html>");
  const server = await serve({ [sumsPath]: `${sha256(page)}  ${archiveName}\n`, [archivePath]: page });

  await expect(fetchFrom(root, { SLIPWAY_TERRAFORM_RELEASES: server })).rejects.toThrow("no zip archive");
  expect(readdirSync(join(root, ".slipway/bin"))).toEqual([]);
});

test("a platform that is not released is told by name", async () => {
  const server = await serve({ [sumsPath]: `${"0".repeat(64)}  terraform_${fetchedTerraform}_plan9_mips.zip\n` });

  const fetching = fetchFrom(temporaryFolder(), { SLIPWAY_TERRAFORM_RELEASES: server });

  await expect(fetching).rejects.toThrow(`does not list ${archiveName}`);
});

test.each([
  ["a server that has no such file", async () => serve({}), /HTTP 404/],
  ["a server that is not there", async () => "http://127.0.0.1:1", /ECONNREFUSED|bad port/],
  ["a name that does not resolve", async () => "http://releases.invalid", /ENOTFOUND|EAI_AGAIN/],
])("%s: one message with what, why and what to type", async (_name, start, reason) => {
  const root = temporaryFolder();
  const fetching = fetchFrom(root, { SLIPWAY_TERRAFORM_RELEASES: await start() });

  const error = await fetching.catch((caught: Error) => caught);

  expect(String(error)).toMatch(reason);
  expect(String(error)).toMatch(
    /Terraform is not installed, and the official release cannot be fetched\.\n {2}Why: {2}/,
  );
  expect(String(error)).toContain("SLIPWAY_TERRAFORM to its path");
  expect(existsSync(fetchedTerraformPath(root))).toBe(false);
});

test("goes through a proxy where one is set", async () => {
  const server = await serve({ [sumsPath]: sums, [archivePath]: archive });
  const asked: (string | undefined)[] = [];
  const proxy = createServer().on("connect", (request, client) => {
    asked.push(request.url);
    const upstream = connect(Number(new URL(server).port), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 Connection Established\r\n\r\n");
      upstream.pipe(client).pipe(upstream);
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void proxy.close());
  const root = temporaryFolder();

  await fetchFrom(root, {
    SLIPWAY_TERRAFORM_RELEASES: "http://releases.invalid",
    HTTP_PROXY: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`,
  });

  expect(existsSync(fetchedTerraformPath(root))).toBe(true);
  expect(asked).toEqual(["releases.invalid:80", "releases.invalid:80"]);
});

test("checksumOf reads both forms of the line, and no partial name", () => {
  const hex = "a".repeat(64);

  expect(checksumOf(`${hex}  a.zip\n`, "a.zip")).toBe(hex);
  expect(checksumOf(`${hex} *a.zip\r\n`, "a.zip")).toBe(hex);
  expect(checksumOf(`${hex}  aa.zip\n`, "a.zip")).toBeUndefined();
  expect(checksumOf("abc  a.zip\n", "a.zip")).toBeUndefined();
});
