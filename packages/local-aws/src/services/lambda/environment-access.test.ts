import { afterAll, beforeAll, expect, it } from "vitest";
import type { KeyDirectory } from "../../core/ports.ts";
import { type TestCore, testCore } from "../../test/test-core.ts";
import { allow, type TestIam, testIam } from "../../test/test-iam.ts";
import { withReadableEnvironment } from "./environment-access.ts";
import type { LambdaState } from "./lambda-state.ts";

const ROLE = "arn:aws:iam::000000000000:role/operate";
const KEY = "arn:aws:kms:us-east-1:000000000000:key/k1";
const CONFIGURATION = { FunctionName: "api", KMSKeyArn: KEY, Environment: { Variables: { TABLE: "items" } } };
const keys: KeyDirectory = {
  findKeyArn: (key) => (key === KEY ? KEY : undefined),
  keyPolicy: () => ({
    name: "key policy",
    mode: "required",
    document: JSON.stringify({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Principal: { AWS: "arn:aws:iam::000000000000:root" }, Action: "kms:*", Resource: "*" },
      ],
    }),
  }),
};

let core: TestCore;
let iam: TestIam;
beforeAll(() => {
  core = testCore();
  iam = testIam(core);
});
afterAll(() => core.dispose());

const seen = (configuration: object) =>
  withReadableEnvironment(
    {
      core: { ...core, authorizer: iam.authorizer },
      dependencies: { keys } as LambdaState["dependencies"],
    },
    core.context({ principal: iam.session(ROLE) }),
    configuration,
  );

it("variables under a customer key show to those who may decrypt with it through Lambda, for this function", () => {
  const decrypt = (name: string) =>
    allow("kms:Decrypt", KEY, {
      StringEquals: {
        "kms:ViaService": "lambda.us-east-1.amazonaws.com",
        "kms:EncryptionContext:aws:lambda:FunctionArn": `arn:aws:lambda:us-east-1:000000000000:function:${name}`,
      },
    });
  iam.grant(ROLE, decrypt("other"));
  expect(seen(CONFIGURATION)).toEqual({
    ...CONFIGURATION,
    Environment: {
      Error: { ErrorCode: "AccessDeniedException", Message: expect.stringContaining("KMS access was denied") },
    },
  });
  iam.grant(ROLE, decrypt("api"));
  expect(seen(CONFIGURATION)).toEqual(CONFIGURATION);
});

it("variables under Lambda's own key show to whoever may see the function", () => {
  iam.grant(ROLE);
  const { KMSKeyArn: _, ...plain } = CONFIGURATION;
  expect(seen(plain)).toEqual(plain);
});
