import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ENVIRONMENT, ShortLinks } from "./adoption/short-links.ts";
import { expectBadPutBack, expectRolledBack, expectServed } from "./adoption/take-through.ts";

describe("a team that adopts Slipway for examples/short-links", () => {
  let team: ShortLinks;

  beforeAll(async () => {
    team = await ShortLinks.open({ account: false });
  });

  afterAll(async () => {
    await team?.close();
  });

  test("has its configuration written", async () => {
    const file = join(team.repository.path, "slipway.config.ts");
    const committed = readFileSync(file, "utf8");
    rmSync(file);
    const ran = await team.init();
    expect(ran.code, ran.stderr).toBe(0);
    expect(readFileSync(file, "utf8")).toBe(committed);
  });

  test("rehearses: from an empty account to both functions in production", async () => {
    await team.must("rehearse", ENVIRONMENT, "--once");
    expect(await team.versions()).toEqual({ redirect: "2", manage: "2" });
    await expectServed(team);
  });

  test("has both functions put back where one of them fails under traffic", async () => {
    await expectBadPutBack(team, "r2");
  });

  test("rolls a release back", async () => {
    await expectRolledBack(team);
  });

  test("has another environment of the same root module, with a state of its own", async () => {
    const production = await team.versions();
    await team.must("rehearse", "staging", "--once");
    const { stdout } = await team.run("status", "staging");
    expect(stdout).toMatch(/^Runs +r1 /m);
    expect(stdout).toContain("redirect 2, alias live");
    expect(await team.versions()).toEqual(production);
    await expectServed(team);
  });
});
