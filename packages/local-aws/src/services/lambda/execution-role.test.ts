import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateFunctionCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { packageOf } from "../../runtime/runtime-fixture.ts";
import { startEndpoint, type TestEndpoint } from "../../test/start-endpoint.ts";

// Functions are processes, and the machine may be busy.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

const ACCOUNT = "000000000000";
const TABLE = `arn:aws:dynamodb:us-east-1:${ACCOUNT}:table/items`;
const GROUP = "/aws/lambda/api";
const LOGS = {
  Effect: "Allow",
  Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
  Resource: `arn:aws:logs:us-east-1:${ACCOUNT}:log-group:${GROUP}:*`,
};

let endpoint: TestEndpoint;
let iam: IAMClient;
let lambda: LambdaClient;
let logs: CloudWatchLogsClient;

beforeAll(async () => {
  endpoint = await startEndpoint();
  iam = new IAMClient(endpoint.client);
  lambda = new LambdaClient(endpoint.client);
  logs = new CloudWatchLogsClient(endpoint.client);
  const dynamodb = new DynamoDBClient(endpoint.client);
  await dynamodb.send(
    new CreateTableCommand({
      TableName: "items",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      BillingMode: "PAY_PER_REQUEST",
    }),
  );
  dynamodb.destroy();
  await logs.send(new CreateLogGroupCommand({ logGroupName: GROUP }));
  await createRole("api", "lambda.amazonaws.com");
});

afterAll(async () => {
  iam.destroy();
  lambda.destroy();
  logs.destroy();
  await endpoint.close();
});

async function createRole(RoleName: string, Service: string): Promise<void> {
  const AssumeRolePolicyDocument = JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service }, Action: "sts:AssumeRole" }],
  });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
}

async function allow(...statements: object[]): Promise<void> {
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: statements });
  await iam.send(new PutRolePolicyCommand({ RoleName: "api", PolicyName: "execution", PolicyDocument }));
}

async function invoke(event: object): Promise<{ id: string; secret: string; token: string }> {
  const { Payload } = await lambda.send(
    new InvokeCommand({ FunctionName: "api", Payload: Buffer.from(JSON.stringify(event)) }),
  );
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

async function logged(word: string): Promise<boolean> {
  const { events = [] } = await logs.send(
    new FilterLogEventsCommand({ logGroupName: GROUP, filterPattern: `"${word}"` }),
  );
  return events.length > 0;
}

test("a function acts with its role, and with nothing else", async () => {
  await allow(LOGS, { Effect: "Allow", Action: ["dynamodb:GetItem", "dynamodb:PutItem"], Resource: TABLE });
  const create = (role: string) =>
    lambda.send(
      new CreateFunctionCommand({
        FunctionName: "api",
        Role: `arn:aws:iam::${ACCOUNT}:role/${role}`,
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Code: {
          ZipFile: packageOf({
            "index.mjs": `export const handler = async ({ say }) => {
              console.log(say);
              const { AWS_ACCESS_KEY_ID: id, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = process.env;
              return { id, secret, token };
            };`,
          }),
        },
      }),
    );
  await createRole("other", "ec2.amazonaws.com");
  await expect(create("other")).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message: "The role defined for the function cannot be assumed by Lambda.",
  });
  await create("api");
  await waitUntilFunctionActiveV2(
    { client: lambda, maxWaitTime: 20, minDelay: 0.05, maxDelay: 0.1 },
    { FunctionName: "api" },
  );

  const { id, secret, token } = await invoke({ say: "first-words" });
  const inFunction = new DynamoDBClient({
    ...endpoint.client,
    credentials: { accessKeyId: id, secretAccessKey: secret, sessionToken: token },
    maxAttempts: 1,
  });
  const put = () => inFunction.send(new PutItemCommand({ TableName: "items", Item: { id: { S: "1" } } }));
  await put();
  expect(await logged("first-words")).toBe(true);

  await allow(LOGS, { Effect: "Allow", Action: ["dynamodb:GetItem"], Resource: TABLE });
  await expect(put()).rejects.toMatchObject({
    name: "AccessDeniedException",
    message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/api/api is not authorized to perform: dynamodb:PutItem on resource: ${TABLE} because no identity-based policy allows the dynamodb:PutItem action`,
  });
  inFunction.destroy();

  await allow({ ...LOGS, Action: ["logs:CreateLogStream"] });
  await invoke({ say: "unheard-words" });
  await allow(LOGS);
  await invoke({ say: "last-words" });
  expect([await logged("unheard-words"), await logged("last-words")]).toEqual([false, true]);

  await expect(
    lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: "api", TracingConfig: { Mode: "Active" } })),
  ).rejects.toMatchObject({
    name: "InvalidParameterValueException",
    message: "The provided execution role does not have permissions to call PutTraceSegments on XRAY",
  });
});
