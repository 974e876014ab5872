import { execFileSync } from "node:child_process";
import { ROOT_ACCESS_KEY_ID } from "@slipway/local-aws";
import { expect, test } from "vitest";
import { runSlipway } from "../test/run-slipway.ts";

test("a shell that evaluates it is pointed at local AWS, whatever it was pointed at before", async () => {
  const { code, stdout } = await runSlipway(["local", "env", "--port", "4999", "--region", "eu-west-1"]);

  expect(code).toBe(0);
  const env = execFileSync("/bin/sh", ["-c", `eval "$1"; env`, "sh", stdout], {
    env: { PATH: process.env.PATH, AWS_PROFILE: "production", AWS_SESSION_TOKEN: "mine", AWS_REGION: "us-west-2" },
    encoding: "utf8",
  });
  expect(Object.fromEntries([...env.matchAll(/^(AWS_\w+)=(.*)$/gm)].map(([, name, value]) => [name, value]))).toEqual({
    AWS_ENDPOINT_URL: "http://127.0.0.1:4999",
    AWS_ACCESS_KEY_ID: ROOT_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY: expect.stringMatching(/./),
    AWS_REGION: "eu-west-1",
    AWS_DEFAULT_REGION: "eu-west-1",
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_DISABLE_HOST_PREFIX_INJECTION: "true",
  });
});
