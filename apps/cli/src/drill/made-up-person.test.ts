import { expect, test } from "vitest";
import { thisActor } from "../release/this-actor.ts";
import { madeUpPerson } from "./made-up-person.ts";

test.each([
  {},
  { GIT_AUTHOR_NAME: "Jane Doe", GIT_AUTHOR_EMAIL: "jane@example.com" },
  { GITHUB_ACTIONS: "true", GITHUB_ACTOR: "jane" },
])("is nobody real, and another one than everybody else, with %j", async (env) => {
  const names = [1, 2].map((number) =>
    thisActor({ repository: "/", env: { PATH: process.env.PATH, ...madeUpPerson(env, number) } }),
  );
  expect((await Promise.all(names)).map(({ name }) => name)).toEqual([
    "made-up approver 1 of the drill <approver-1@drill.slipway.invalid>",
    "made-up approver 2 of the drill <approver-2@drill.slipway.invalid>",
  ]);
});
