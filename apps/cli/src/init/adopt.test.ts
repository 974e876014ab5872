import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { adoptionReportSchema, parseConfig } from "@slipway/contracts";
import { loadConfig } from "@slipway/release-engine";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { repositoryRoot } from "../setup/repository-root.ts";
import { golden } from "../test/golden.ts";
import { runSlipway } from "../test/run-slipway.ts";
import { temporaryRepository } from "../test/temporary-repository.ts";
import { adopt } from "./adopt.ts";
import { readRepository } from "./read-repository.ts";

const EXAMPLE = join(repositoryRoot, "examples/short-links");
const show = { env: process.env, mode: "show" } as const;

let repository: ReturnType<typeof temporaryRepository>;
const at = (name: string) => join(repository.path, name);

beforeEach(() => {
  repository = temporaryRepository();
  mkdirSync(at("infra"));
  writeFileSync(
    at("infra/main.tf"),
    'resource "aws_lambda_function" "app" {\n  function_name = "*/ app \\u001b[2J"\n}\n',
  );
});

afterEach(() => repository.remove());

describe("slipway init", () => {
  it("says of the example what its own configuration says", async () => {
    const { config: text, notes, found } = await adopt(EXAMPLE, show);
    writeFileSync(at("slipway.config.ts"), text);
    const module: { default: unknown } = await import(at("slipway.config.ts"));
    const committed = await loadConfig(join(EXAMPLE, "slipway.config.ts"));
    expect(text).toBe(readFileSync(join(EXAMPLE, "slipway.config.ts"), "utf8"));
    expect(parseConfig(module.default)).toEqual({ ok: true, config: committed });
    expect(notes.filter(({ level }) => level === "must")).toEqual([]);
    expect(found.environments.map(({ name }) => name)).toEqual(["staging", "production"]);
  });

  it("says what is too large to be looked through, and reads what is large", async () => {
    const more = "# One of many lines that somebody has generated.\n";
    writeFileSync(at("infra/large.tf"), `${more.repeat(20_000)}resource "aws_lambda_function" "large" {}\n`);
    writeFileSync(at("infra/huge.tf"), more.repeat(100_000));
    writeFileSync(at("package-lock.json"), more.repeat(100_000));
    const { found, notes } = await adopt(repository.path, show);
    expect(found.functions.map(({ address }) => address)).toContain("aws_lambda_function.large");
    expect(notes.filter(({ id }) => id === "terraform.unread")).toEqual([
      expect.objectContaining({ subject: "infra/huge.tf", found: "it is not read: it is larger than 4096 KiB" }),
    ]);
  });

  it("says where it has stopped to look", async () => {
    writeFileSync(at("infra/other.tf"), "");
    for (const folder of ["a", "b", "c"]) {
      mkdirSync(at(`infra/${folder}`));
      writeFileSync(at(`infra/${folder}/main.tf`), "");
    }
    const { files, unread } = await readRepository(repository.path, { largest: 1_000, mostFiles: 2 });
    expect([...files.keys()]).toEqual(["infra/main.tf", "infra/other.tf"]);
    expect(unread).toEqual([{ file: "infra/c/ and 2 folders more", why: "init stops looking after 2 files" }]);
  });

  it("shows the life of a link in comments, which can be taken as it is", async () => {
    const { config: text } = await adopt(EXAMPLE, show);
    const words = /^ *\/\/ (More than that|statuses that|Goes with it)/;
    const lines = text.split("\n");
    const from = lines.findIndex((line) => words.test(line));
    const taken = lines.map((line, index) =>
      index < from || words.test(line) ? line : line.replace(/^( +)\/\/ (?=[ {}[\]]|cleanup)/, "$1"),
    );
    writeFileSync(at("slipway.config.ts"), taken.join("\n"));
    const module: { default: unknown } = await import(at("slipway.config.ts"));
    const result = parseConfig(module.default);
    const { smoke } = (result.ok && result.config.environments.production) || {};
    expect(smoke?.steps.map(({ method, path }) => `${method} ${path}`)).toEqual([
      "GET /health",
      "POST /links",
      ...["GET", "PUT", "DELETE", "GET"].map((method) => `${method} /links/{id}`),
    ]);
    expect(smoke?.steps[1]?.capture).toEqual({ id: { json: "/slug" } });
    expect(smoke?.cleanup).toMatchObject([{ method: "DELETE", path: "/links/{id}" }]);
  });

  it("finds in this repository what its configuration has", async () => {
    const { config: text, found } = await adopt(repositoryRoot, show);
    writeFileSync(at("slipway.config.ts"), text);
    const module: { default: unknown } = await import(at("slipway.config.ts"));
    const result = parseConfig(module.default);
    const own = await loadConfig(join(repositoryRoot, "slipway.config.ts"), { takesAnyWaiver: true });
    if (!result.ok) {
      throw new Error(result.problems.join("\n"));
    }
    const { project, region, infrastructure, bootstrap, environments } = result.config;
    expect({ project, region, infrastructure }).toEqual({
      project: own.project,
      region: own.region,
      infrastructure: own.infrastructure,
    });
    expect(bootstrap).toMatchObject({ directory: own.bootstrap.directory, ledger: own.bootstrap.ledger });
    expect(found.environments.map(({ name }) => name)).toEqual(Object.keys(own.environments));
    for (const [name, { terraform, functions, api, data }] of Object.entries(own.environments)) {
      const detected = environments[name];
      expect(detected?.terraform).toMatchObject({ directory: terraform.directory, stateKey: terraform.stateKey });
      expect(detected?.api).toEqual({ ...api, resources: [...api.resources].sort(byPlace) });
      const { proof: _, ...handler } = functions[0] ?? { proof: undefined };
      expect(detected?.functions).toEqual([handler]);
      const { migrations, name: table, output, restoredVariable } = data?.tables[0] ?? {};
      expect(detected?.data?.tables).toEqual([{ migrations, name: table, output, restoredVariable }]);
    }
  });

  it("writes a file that can be loaded, once, and leaves nothing else", async () => {
    const first = await runSlipway(["init", repository.path]);
    expect(first).toMatchObject({ code: 0, stdout: expect.stringContaining(`Wrote ${at("slipway.config.ts")}`) });
    expect(readdirSync(repository.path).sort()).toEqual(["infra", "slipway.config.ts"]);
    const module: { default: unknown } = await import(at("slipway.config.ts"));
    expect(parseConfig(module.default)).toMatchObject({ ok: true });
    // Names of others end no comment, and are no commands for a terminal.
    expect(first.stdout).not.toContain("\u001b");

    writeFileSync(at("slipway.config.ts"), "mine");
    const second = await runSlipway(["init", repository.path]);
    expect(second).toMatchObject({ code: 1, stdout: expect.stringMatching(/was left\s+as it is/) });
    expect(readFileSync(at("slipway.config.ts"), "utf8")).toBe("mine");

    expect(await runSlipway(["init", repository.path, "--force"])).toMatchObject({ code: 0 });
    expect(readFileSync(at("slipway.config.ts"), "utf8")).toContain("satisfies SlipwayConfigInput");
    expect(readdirSync(repository.path).sort()).toEqual(["infra", "slipway.config.ts"]);
  });

  it("shows with --print and with --output json what it would write, and writes nothing", async () => {
    const printed = await runSlipway(["init", repository.path, "--print"]);
    expect(printed.stdout).toContain("satisfies SlipwayConfigInput");
    expect(printed.stderr).toContain("Before the first release");
    const { code, stdout } = await runSlipway(["init", repository.path, "--output", "json"]);
    expect(code).toBe(0);
    const report = adoptionReportSchema.parse(JSON.parse(stdout));
    expect(report).toMatchObject({ outcome: "shown", config: printed.stdout });
    expect(report.notes.map(({ id }) => id)).toContain("function.no-alias");
    // The project is called what the folder is called.
    const [, project = ""] = /project: "(.+)"/.exec(report.config) ?? [];
    expect(project).toBe(basename(repository.path).toLowerCase());
    const anywhere = stdout.replaceAll(repository.path, "/repositories/shop").replaceAll(project, "shop");
    await golden("init", JSON.parse(anywhere));
    expect(readdirSync(repository.path)).toEqual(["infra"]);
  });

  it.each([
    ["a folder that is not there", "nowhere", /There is no folder .*nowhere/],
    ["one without anything", "empty", /empty has nothing that Slipway could release.*\n.*there is no Terraform in it/],
  ])("says what is wrong with %s", async (_, name, message) => {
    mkdirSync(at("empty"));
    const { code, stderr } = await runSlipway(["init", at(name)]);
    expect(code).toBe(1);
    expect(stderr).toMatch(message);
  });
});

function byPlace(left: string, right: string): number {
  return Number(left.includes("{")) - Number(right.includes("{")) || (left < right ? -1 : 1);
}
