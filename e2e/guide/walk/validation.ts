import { expect } from "vitest";
import type { WalkedPage } from "./walked-command.ts";

const json = <T>(said: string) => JSON.parse(said) as T;

/** Chapter 3: whether it goes on to be well. */
export const validation: WalkedPage = {
  file: "3-post-deployment-validation.md",
  commands: [
    {
      // An hour goes by.
      ...{ begins: "slipway watch prod   ", waits: true, until: /next checkpoint \(extended\)/ },
      proves: async (_said, walk) => expect(await walk.must("slipway status prod || true")).toMatch(/short +passed/),
    },
    {
      begins: "slipway watch prod --once",
      proves: (said) => expect(said).toMatch(/its next\s+checkpoint\s+\(extended\)/),
    },
    {
      begins: "slipway validate prod --window immediate",
      arrange: (walk) => walk.users.pass(6),
      proves: (said) => expect(said).toMatch(/All\s+is\s+well/),
    },
    {
      begins: "slipway validate prod --window short",
      proves: (said) => expect(said).toMatch(/All\s+is\s+well/),
    },
    {
      begins: "slipway validate prod --window extended --sign-off",
      arrange: (walk) => walk.must("slipway local traffic prod --over 24h --requests 1000"),
      proves: (said) => expect(said).toMatch(/Jane Doe[\s\S]*no\s+complaint\s+in\s+the\s+shop[\s\S]*All\s+is\s+well/),
    },
    {
      begins: "slipway local alarm-drill",
      proves: async (said, walk) => {
        expect(said).toMatch(/api-handler-prod-errors/);
        const words = 'slipway validate prod --window extended --sign-off "Jane Doe" --note "no complaint in the shop"';
        expect(await walk.must(words)).toMatch(/All\s+is\s+well/);
      },
    },
    {
      begins: "aws lambda get-function --function-name api-handler-prod",
      proves: (said) => expect(json(said)).toMatchObject({ Configuration: { State: "Active" } }),
    },
    {
      begins: "aws logs filter-log-events",
      proves: (said) => expect(json(said)).toMatchObject({ events: expect.any(Array) }),
    },
    {
      begins: 'aws apigateway get-stage --rest-api-id "$api_id"',
      proves: (said) => expect(json(said)).toMatchObject({ stageName: "prod" }),
    },
    {
      begins: "aws dynamodb describe-table",
      proves: (said) => expect(json(said)).toMatchObject({ Table: { TableStatus: "ACTIVE" } }),
    },
    {
      begins: "aws cloudwatch describe-alarms",
      proves: async (said, walk) => {
        expect(json(said)).toBe("OK");
        // Whatever is rolled back in the next chapter begins here.
        await walk.keep("live");
      },
    },
  ],
};
