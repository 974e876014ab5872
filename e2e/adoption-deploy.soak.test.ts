import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ShortLinks } from "./adoption/short-links.ts";
import { expectBadPutBack, expectServed } from "./adoption/take-through.ts";

// An application of another shape than the items API goes through the engine as it is: nothing in the packages knows of it. Its bootstrap, a
// rollback, and its other environment: adoption.soak.test.ts.
describe("the application of examples/short-links, in a repository of its own", () => {
  let team: ShortLinks;

  beforeAll(async () => {
    team = await ShortLinks.open({ account: true });
  });

  afterAll(async () => {
    await team?.close();
  });

  test("is deployed: its infrastructure, and both of its functions at once", async () => {
    const ran = await team.deploy();
    expect(ran.code, `${ran.stdout}\n${ran.stderr}`).toBe(0);
    expect(JSON.parse(ran.stdout)).toMatchObject({ release: "r1", outcome: "live" });
    expect(await team.versions()).toEqual({ redirect: "2", manage: "2" });
    await expectServed(team);
  });

  test("is put back, both functions, where one of them fails under traffic", async () => {
    await expectBadPutBack(team, "r2");
  });
});
