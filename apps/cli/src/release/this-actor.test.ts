import { execFileSync } from "node:child_process";
import { temporaryFolder } from "@slipway/testing";
import { afterEach, beforeEach, expect, it } from "vitest";
import { thisActor } from "./this-actor.ts";

let folder: ReturnType<typeof temporaryFolder>;
const env = () => ({ PATH: process.env.PATH, HOME: folder.path, GIT_CONFIG_NOSYSTEM: "1", USER: "jdoe" });

beforeEach(() => {
  folder = temporaryFolder();
  execFileSync("git", ["init", "--quiet", folder.path], { env: env() });
});

afterEach(() => folder[Symbol.dispose]());

const git = (...words: string[]) => execFileSync("git", words, { cwd: folder.path, env: env() });

const nameIn = async (more: NodeJS.ProcessEnv = {}) =>
  (await thisActor({ repository: folder.path, env: { ...env(), ...more } })).name;

it("is whom git takes for the author of commits", async () => {
  git("config", "user.name", "Jane  Doe");
  expect(await nameIn()).toBe("Jane  Doe");
  git("config", "user.email", "jane@example.com");
  expect(await nameIn()).toBe("Jane  Doe <jane@example.com>");
  expect(await nameIn({ GIT_AUTHOR_NAME: "Joe", GIT_AUTHOR_EMAIL: "joe@example.com" })).toBe("Joe <joe@example.com>");
});

it("is who has started the workflow, whoever its machine commits as", async () => {
  git("config", "user.name", "runner");
  expect(await nameIn({ GITHUB_ACTIONS: "true", GITHUB_ACTOR: "jane-at-github" })).toBe("jane-at-github");
});

it("is the machine's user where nothing else is known", async () => {
  expect(await nameIn()).toBe("jdoe");
  expect(await nameIn({ USER: "" })).not.toBe("");
});

it("says whom AWS sees, where AWS was asked", async () => {
  const principal = async () => "arn:aws:sts::123456789012:assumed-role/deploy-prod/jane";
  const actor = await thisActor({ repository: folder.path, env: env(), principal });
  expect(actor).toEqual({ name: "jdoe", principal: await principal() });
});
