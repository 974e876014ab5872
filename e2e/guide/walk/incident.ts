import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Change } from "./team.ts";
import type { Walk } from "./walk.ts";
import type { WalkedPage } from "./walked-command.ts";

const json = <T>(said: string) => JSON.parse(said) as T;
const HANDLER = "apps/api-handler/src/operations/create-item.ts";

/** A release that is well until users order gifts, which nobody does in a test. */
const BAD: Change = {
  "CHANGELOG.md": [["### Added\n\n", "### Added\n\n- Gifts are wrapped.\n"]],
  [HANDLER]: [
    [
      "  const content = ",
      '  if (/"name":"a gift/.test(request.body)) {\n    throw new TypeError("The paper has no size");\n  }\n  const content = ',
    ],
  ],
};
/** And its fix. */
const FIX: Change = {
  "CHANGELOG.md": [["- Gifts are wrapped.\n", "- Gifts are not wrapped.\n"]],
  [HANDLER]: (BAD[HANDLER] ?? []).map(([from, to]): readonly [string, string] => [to, from]),
};

const id = (walk: Walk) => ({ " ID": ` ${walk.fact("incident")}` });

/** Chapter 5: something is wrong with what was released. */
export const incident: WalkedPage = {
  file: "5-incident-response.md",
  commands: [
    {
      begins: "slipway incident detect prod --watch",
      arrange: async (walk) => {
        await walk.backTo("live");
        walk.team.commit("Wrap gifts", BAD);
        await walk.goesLive();
        walk.facts.set("bad", await walk.newest());
        walk.users.wantGifts(true);
        await walk.users.pass(8);
      },
      ...{ waits: true, exit: [0, 1], until: /\bi1\b/ },
      proves: (said, walk) => walk.facts.set("incident", /\bi\d+\b/.exec(said)?.[0] ?? ""),
    },
    { begins: "slipway incident list prod", proves: (said, walk) => expect(said).toContain(walk.fact("incident")) },
    { begins: "slipway alarms prod", exit: [0, 1], proves: (said) => expect(said).toMatch(/items-api-prod-5xx/) },
    {
      begins: "aws cloudwatch describe-alarms --state-value ALARM",
      proves: (said) => expect(said).toContain("items-api-prod-5xx"),
    },
    {
      begins: "aws logs filter-log-events",
      proves: (said) =>
        expect(
          json<{ events: { message: string }[] }>(said)
            .events.map(({ message }) => message)
            .join(),
        ).toContain("The paper has no size"),
    },
    {
      begins: "aws cloudwatch get-metric-statistics",
      proves: (said) => expect(json<{ Datapoints: object[] }>(said).Datapoints.length).toBeGreaterThan(0),
    },
    {
      begins: "slipway incident show prod ID",
      values: id,
      proves: (said) => expect(said).toMatch(/severity|Severity/),
    },
    {
      begins: "slipway incident ack prod ID",
      values: id,
      proves: (said) => expect(said).toContain(" is yours"),
    },
    {
      begins: "slipway incident classify prod ID 1",
      values: (walk) => ({ " ID 1": ` ${walk.fact("incident")} 1` }),
      proves: async (_said, walk) =>
        expect(await walk.must(`slipway incident show prod ${walk.fact("incident")}`)).toMatch(
          /all orders since\s+9:10\s+are\s+lost/,
        ),
    },
    {
      begins: "slipway incident update prod ID --template monitoring",
      values: id,
      proves: (said) => expect(said).not.toBe(""),
    },
    { begins: "slipway metrics prod --window 1h", proves: (said) => expect(said).toMatch(/5xx +\S/) },
    {
      begins: "slipway incident investigate prod ID",
      values: id,
      proves: (said, walk) => {
        expect(said).toContain(walk.fact("bad"));
        expect(said).toMatch(/The paper has no\s+size|TypeError/);
        expect(said).toMatch(/Next \(rollback-code\): slipway\s+rollback\s+prod\s+code/);
      },
    },
    { begins: "slipway history prod --limit 5", proves: (said, walk) => expect(said).toContain(walk.fact("bad")) },
    { begins: "slipway show prod", proves: (said, walk) => expect(said).toContain(walk.fact("bad")) },
    {
      begins: "slipway logs prod --errors --since 1h",
      proves: (said) => expect(said).toContain("The paper has no size"),
    },
    {
      begins: "slipway insights prod error-analysis --since 1h",
      proves: (said) => expect(said).toContain("TypeError"),
    },
    {
      ...{ begins: "aws logs tail /aws/lambda/api-handler-prod", until: /The paper has no size/ },
      proves: (said) => expect(said).toContain("ERROR"),
    },
    {
      begins: 'aws logs tail "/aws/apigateway/$api_id"',
      until: /"status":"500"/,
      proves: (said) => expect(said).toContain("POST"),
    },
    {
      begins: "aws cloudwatch get-metric-statistics",
      proves: (said) => expect(json<{ Datapoints: object[] }>(said).Datapoints.length).toBeGreaterThan(0),
    },
    {
      begins: "slipway incident mitigate prod ID --rollback",
      answer: "yes",
      values: id,
      proves: async (_said, walk) => {
        expect(await walk.live()).toBe(walk.fact("new"));
        // Until the alarm has come to rest: a release is judged by it.
        await walk.users.pass(20);
      },
    },
    {
      begins: "slipway deploy staging",
      leftOut:
        "a second environment is made from nothing by it, as README.md's npm start makes the first: e2e/purpose-roles.test.ts",
    },
    {
      begins: "slipway deploy prod --plan",
      arrange: (walk) => walk.team.commit("Do not wrap gifts", FIX),
      proves: (said) => expect(said).toMatch(/r\d+ would take commit/),
    },
    {
      ...{ begins: "slipway deploy prod", waits: true },
      proves: async (_said, walk) => {
        expect(await walk.live()).not.toBe(walk.fact("new"));
        walk.facts.set("fix", await walk.newest());
        expect(new Set(await walk.users.requests(8))).toEqual(new Set([200, 201]));
        await walk.users.pass(12);
      },
    },
    { begins: "slipway alarms prod", proves: (said) => expect(said).toMatch(/items-api-prod-5xx/) },
    { begins: "slipway smoke prod", proves: (said) => expect(said).toMatch(/Smoke test of prod at .*: passed/i) },
    { begins: "slipway metrics prod errors --window 15m", proves: (said) => expect(said).toMatch(/errors/) },
    { begins: "slipway metrics prod latency --window 15m", proves: (said) => expect(said).toMatch(/latency p99/) },
    { begins: "slipway incident resolve prod ID", values: id, proves: (said) => expect(said).toMatch(/resolved/i) },
    {
      begins: "aws cloudwatch get-metric-statistics",
      proves: (said) =>
        expect(json<{ Datapoints: { Sum: number }[] }>(said).Datapoints.every(({ Sum }) => Sum === 0)).toBe(true),
    },
    {
      begins: "aws cloudwatch get-metric-statistics",
      proves: (said) =>
        expect(json<{ Datapoints: object[] }>(said).Datapoints).toContainEqual(
          expect.objectContaining({ ExtendedStatistics: { p50: expect.any(Number), p99: expect.any(Number) } }),
        ),
    },
    { begins: "slipway incident note prod ID", values: id, proves: (said) => expect(said).not.toBe("") },
    {
      begins: "slipway incident postmortem prod ID",
      values: id,
      proves: (said, { team }) => {
        const [file = ""] = /\S+\/postmortem\.md/.exec(said) ?? [];
        const postmortem = readFileSync(join(team.clone, file), "utf8");
        expect(postmortem).toContain("the cache was cold after the restart of the partner");
        expect(postmortem).toMatch(/^## Timeline$/m);
      },
    },
    {
      begins: 'slipway incident note prod ID "r12 asks',
      values: (walk) => ({ ...id(walk), r12: walk.fact("bad") }),
      proves: (said) => expect(said).not.toBe(""),
    },
    {
      begins: 'slipway incident note prod ID "r13 does',
      values: (walk) => ({ ...id(walk), r13: walk.fact("fix") }),
      proves: (said) => expect(said).not.toBe(""),
    },
    {
      begins: 'slipway incident note prod ID "r13 is live',
      values: (walk) => ({ ...id(walk), r13: walk.fact("fix") }),
      proves: (said) => expect(said).not.toBe(""),
    },
    { begins: 'slipway incident note prod ID "all of it', values: id, proves: (said) => expect(said).not.toBe("") },
    { begins: 'slipway incident note prod ID "Tuesday', values: id, proves: (said) => expect(said).not.toBe("") },
    { begins: 'slipway incident note prod ID "the smoke', values: id, proves: (said) => expect(said).not.toBe("") },
    {
      begins: 'slipway incident note prod ID "the runbook',
      values: id,
      proves: async (_said, walk) => {
        const shown = await walk.must(`slipway incident show prod ${walk.fact("incident")}`);
        expect(shown).toMatch(/Tuesday\s+10:00/);
        expect(shown).toMatch(/asks\s+for\s+an\s+index/);
      },
    },
    {
      begins: "slipway incident close prod ID",
      values: id,
      proves: (said) => expect(said).toMatch(/is closed: its checklist is\s+done/),
    },
    { begins: "slipway incident stats prod", proves: (said) => expect(said).toMatch(/\b1\b/) },
  ],
};
