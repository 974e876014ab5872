import { expect, test } from "vitest";
import { configurationKeys } from "./configuration-keys.ts";
import { configurationReference } from "./configuration-reference.ts";

const keys = configurationReference();
const find = (path: string) => keys.find((key) => key.path === path) ?? expect.unreachable(path);

test("every key that there is is in the reference, once, with what it means", () => {
  const names = new Set(keys.map(({ path }) => path.split(/\.|\[\]/).at(-1)));

  expect(configurationKeys().filter((name) => !names.has(name))).toEqual([]);
  expect(new Set(keys.map(({ path }) => path)).size).toBe(keys.length);
  expect(keys.filter(({ description }) => !/[.)`]$/.test(description)).map(({ path }) => path)).toEqual([]);
});

test("type, default and example are the schema's", () => {
  expect(find("environments.NAME.release.leaseSeconds")).toMatchObject({
    ...{ type: "integer, from 10 to 900", isRequired: false, default: 60, isSection: false },
  });
  expect(find("environments.NAME.release.canary.whenInconclusive")).toMatchObject({
    ...{ type: 'one of "pause", "ask-the-version"', default: "ask-the-version" },
  });
  expect(find("environments.NAME.incidents.objective.availabilityPercent").type).toBe("number, from 50, below 100");
  expect(find("environments.NAME.release.notifications.webhooks[].urlVariable")).toMatchObject({
    ...{ type: "string", isRequired: true, example: "ON_CALL_WEBHOOK_URL" },
  });
  expect(find("environments.NAME.release.waivers[].expires").type).toBe("a day, such as 2027-01-31");
  expect(find("project")).toMatchObject({ type: "string", isRequired: true });
});

test("what can be written in several ways has the keys of each", () => {
  expect(find("environments.NAME.functions[].proof").type).toBe('"smoke", or object');
  expect(find("environments.NAME.functions[].proof.invocations[].expect.error").example).toBe("Unauthorized");
  expect(find("environments.NAME.smoke.steps[].capture.NAME.header").type).toBe("string");
});

test("keys that stand in two places are told of once", () => {
  expect(find("environments.NAME.smoke.cleanup").sameAs).toBe("environments.NAME.smoke.steps[]");
  expect(find("environments.NAME.release.canary.requests").sameAs).toBe("environments.NAME.smoke");
  expect(keys.filter(({ path }) => path.startsWith("environments.NAME.smoke.cleanup"))).toHaveLength(1);
});

test("a long list of words is apart from the type", () => {
  expect(find("environments.NAME.release.notifications.topicMoments")).toMatchObject({
    type: "list of one of the words below",
    words: expect.arrayContaining(["release-put-back"]),
  });
});
