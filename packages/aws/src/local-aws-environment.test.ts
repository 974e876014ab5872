import { expect, it } from "vitest";
import { localAwsEnvironment } from "./local-aws-environment.ts";

const access = { endpoint: "http://127.0.0.1:1", region: "eu-west-1", accessKeyId: "AKIA", secretAccessKey: "s" };

it("lets nothing of the developer's own AWS configuration in", () => {
  const own = {
    PATH: "/bin",
    AWS_PROFILE: "prod",
    AWS_SESSION_TOKEN: "t",
    AWS_ENDPOINT_URL_S3: "https://s3",
    NO_PROXY: "corp",
  };

  const env = localAwsEnvironment(own, access);

  expect(env).toMatchObject({
    PATH: "/bin",
    AWS_ENDPOINT_URL: "http://127.0.0.1:1",
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "AKIA",
    AWS_CONFIG_FILE: "/dev/null",
    NO_PROXY: "corp,127.0.0.1,localhost,.localhost",
  });
  for (const name of ["AWS_PROFILE", "AWS_SESSION_TOKEN", "AWS_ENDPOINT_URL_S3"]) {
    expect(env).not.toHaveProperty(name);
  }
});
