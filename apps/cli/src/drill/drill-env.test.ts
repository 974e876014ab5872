import type { SlipwayConfig } from "@slipway/contracts";
import { expect, test } from "vitest";
import { drillEnv } from "./drill-env.ts";

const withWebhook = (urlVariable: string) =>
  ({
    environments: { prod: { release: { notifications: { webhooks: [{ urlVariable }] } } } },
  }) as unknown as SlipwayConfig;

test("neither credentials of AWS nor webhooks of either release get into a drill, and everything else does", () => {
  const env = {
    ...{ PATH: "/bin", AWS_PROFILE: "prod", AWS_ACCESS_KEY_ID: "A", AWS_CONTAINER_CREDENTIALS_FULL_URI: "http://x" },
    ...{ CHAT_URL: "https://chat", OLD_CHAT_URL: "https://old", NPM_TOKEN: "t" },
  };

  expect(drillEnv(env, [withWebhook("CHAT_URL"), withWebhook("OLD_CHAT_URL")])).toEqual({
    ...{ PATH: "/bin", NPM_TOKEN: "t", AWS_EC2_METADATA_DISABLED: "true" },
  });
  expect(env).toHaveProperty("AWS_PROFILE");
});
