import {
  incidentChangeSchema,
  incidentListSchema,
  incidentLookReportSchema,
  incidentReportSchema,
} from "@slipway/contracts";
import { afterAll, beforeAll, expect, it } from "vitest";
import { golden } from "../test/golden.ts";
import { type ReleasedEnvironment, releasedEnvironment } from "../test/released-environment.ts";

let prod: ReleasedEnvironment;

beforeAll(async () => {
  prod = await releasedEnvironment({ withFunction: false });
});

afterAll(async () => prod?.close());

const JOE = { GIT_AUTHOR_NAME: "Joe Bloggs", GIT_AUTHOR_EMAIL: "joe@example.com", TZ: "Europe/Berlin" };

const say = async (verb: string, ...words: readonly string[]) => {
  const { code, stdout, stderr } = await prod.run(["incident", verb, "prod", ...words], { terminal: 200, env: JOE });
  return { code, said: `${stdout}${stderr}`, stdout };
};
const change = async (verb: string, ...words: readonly string[]) =>
  incidentChangeSchema.parse(JSON.parse((await say(verb, ...words, "--output", "json")).stdout));

it("takes an incident from its opening to its end, each word by the person who said it", async () => {
  const opening = ["Orders are empty", "--severity", "2", "--reason", "4 of 4 customers see none", "--since", "20m"];
  const opened = await say("open", ...opening);
  expect(opened).toMatchObject({ code: 0 });
  expect(opened.said).toMatch(
    /^i1 of prod, severity 2 \(high\): Orders are empty; to be acknowledged until \S+, in 1[45] min.*\. NOBODY was told: environments\.prod\.release\.notifications has no channel for it that is there\.\nNext: slipway incident ack prod i1\n$/,
  );
  const again = await change("open", ...opening);
  await golden("incident open", again);
  expect(again).toMatchObject({
    incident: "i1",
    changed: false,
    state: "open",
    messages: { sent: 0, failed: 0 },
  });

  expect((await say("resolve")).said).toContain("i1 is not over by its numbers");
  const acknowledged = await change("ack");
  await golden("incident ack", acknowledged);
  expect(acknowledged).toMatchObject({ state: "acknowledged", acknowledgedBy: "Joe Bloggs <joe@example.com>" });
  expect((await say("ack", "i1")).said).toMatch(/^i1 of prod was acknowledged by Joe Bloggs at \S+ already\./);
  const classified = await change("classify", "1", "--reason", "all customers");
  await golden("incident classify", classified);
  expect(classified).toMatchObject({ severity: 1, state: "open" });
  expect((await say("ack")).code).toBe(0);
  expect((await say("role", "commander", "Jane")).said).toMatch(/^Jane is commander of i1 of prod\.\n/);
  await golden("incident role", await change("role", "commander", "Jane"));
  expect((await say("note", "i1", "r12 asks for an index", "--about", "root-cause")).said).toMatch(
    /^Noted for i1 of prod, about root-cause\.\n/,
  );
  expect((await say("update", "--template", "identified")).said).toMatch(
    /^Update of i1 of prod: i1, severity 1, identified: Orders are empty\. .*The cause: r12 asks for an index\./,
  );
  await golden("incident note", await change("note", "i1", "Jane is at it"));
  await golden("incident update", await change("update", "i1", "We have it by 9:40"));
  expect((await say("resolve", "--override", "nobody uses it")).said).toMatch(
    /^i1 of prod is resolved: by override: nobody uses it\. The numbers: /,
  );
  await golden("incident resolve", await change("resolve", "i1"));
  const unclosed = await say("close");
  expect(unclosed.code).toBe(1);
  expect(unclosed.said).toMatch(/^slipway: i1 has \d of 10 lines of its checklist open:\n {2}/);
  expect(unclosed.said).toContain("slipway incident close prod i1 --reason 'WHY'");
  const closed = await change("close", "--reason", "a rehearsal");
  await golden("incident close", closed);
  expect(closed).toMatchObject({ state: "closed", next: null });
  expect((await prod.ledger("prod").read()).map(({ by }) => by)).toContainEqual({
    ...{ name: "Joe Bloggs <joe@example.com>", principal: expect.stringContaining("arn:aws:") },
  });

  const list = incidentListSchema.parse(JSON.parse((await say("list", "--output", "json")).stdout));
  await golden("incident list", list);
  expect(list.incidents).toMatchObject([{ incident: "i1", state: "closed" }]);
  const report = incidentReportSchema.parse(JSON.parse((await say("show", "i1", "--output", "json")).stdout));
  await golden("incident show", report);
  expect(report).toMatchObject({
    resolution: { override: "nobody uses it", by: "Joe Bloggs <joe@example.com>" },
    roles: { commander: "Jane" },
  });
  expect((await say("show", "i1")).stdout).toContain("Timeline, in UTC, and in Europe/Berlin in brackets\n");
  expect((await say("list")).stdout).toMatch(/^i1 +1 +closed +\S+ +\d+ min.* +in time +Orders are empty$/m);
});

it.each<[string, readonly string[], string]>([
  ["open", [" ", "--severity", "2", "--reason", "x"], "title: is empty."],
  ["open", ["Orders", "--reason", "x"], "--severity: is missing."],
  ["open", ["Orders", "--severity", "5", "--reason", "x"], "option '--severity <n>' argument '5' is invalid"],
  ["open", ["Orders", "--severity", "2"], "--reason: is missing."],
  ["open", ["Orders", "--severity", "2", "--reason", " "], "--reason: is empty."],
  ["open", ["Orders", "--severity", "2", "--reason", "x", "--since", "later"], "--since: 'later' is no time."],
  ["open", ["Orders", "--severity", "2", "--reason", "x", "--since", "2099-01-01"], "is later than now."],
  ["list", ["--limit", "0"], "--limit: '0' is no number from 1 to 10000."],
  ["show", [], "incident: was not named, and none of prod"],
  ["show", ["7"], "incident: '7' is none. Write it like i3;"],
  ["ack", ["i77"], "has no i77. Its last one is i1"],
  ["classify", ["i1"], "severity: is missing."],
  ["classify", ["i1", "5", "--reason", "x"], "severity: '5' is none."],
  ["classify", ["i1", "2"], "--reason: is missing."],
  ["note", ["i1"], "text: is missing."],
  ["note", ["i1", "x", "--about", "weather"], "option '--about <line>' argument 'weather' is invalid"],
  ["role", ["king", "Jane"], "role: 'king' is none. There are commander,"],
  ["role", ["i1", "scribe"], "person: is missing."],
  ["update", ["i1", " "], "text: is empty."],
  ["update", ["i1", "text", "--template", "resolved"], "--template: has words of its own."],
  ["resolve", ["i1", "--override", " "], "--override: is empty."],
  ["close", ["--reason", " "], "--reason: is empty."],
])("names what is wrong: slipway incident %s prod %j", async (verb, words, message) => {
  const { code, said } = await say(verb, ...words);
  expect(code).toBeGreaterThan(0);
  expect(said.replaceAll(/\s+/g, " ")).toContain(message);
});

it("opens an incident by itself for what is not as the Terraform state says, once, and says so", async () => {
  // Its alarm is in the state of this environment, and nowhere else.
  const first = await say("detect");
  expect(first).toMatchObject({ code: 1, said: expect.stringContaining("NOT WELL") });
  expect(first.said).toMatch(
    /^i2, severity 4 \(low\), opened now: the alarm orders-errors is in the Terraform state /m,
  );
  expect(first.said).toMatch(/^Next: slipway incident ack prod i2$/m);

  const second = await say("detect", "--output", "json");
  await golden("incident detect", second.stdout);
  expect(incidentLookReportSchema.parse(JSON.parse(second.stdout))).toMatchObject({
    ...{ outcome: "open", changes: [], unknown: [], next: "slipway incident ack prod i2" },
    groups: [{ topic: "monitoring", incident: "i2", signals: [{ id: "monitoring alarm orders-errors" }] }],
    incidents: [{ incident: "i2", severity: 4, classifiedBy: "rule" }],
  });
});
