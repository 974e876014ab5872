import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DescribeLogGroupsCommand,
  PutLogEventsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { KeyDirectory } from "../../core/ports.ts";
import { allow, type EnforcedCore, enforcedCore, policy, type Statement } from "../../test/enforced-core.ts";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { createLogs, type LogsService } from "./create-logs.ts";

const ARN = "arn:aws:logs:us-east-1:000000000000:log-group";
const KEY = "arn:aws:kms:us-east-1:000000000000:key/11111111-1111-4111-8111-111111111111";

let enforced: EnforcedCore;
let logs: LogsService;
let served: ServedServices;
let keyPolicy = "";
const clients: CloudWatchLogsClient[] = [];

const keys: KeyDirectory = {
  findKeyArn: (key) => (key === KEY ? KEY : undefined),
  keyPolicy: () => ({ name: "key policy", document: keyPolicy, mode: "required" }),
};

beforeAll(async () => {
  enforced = enforcedCore();
  logs = createLogs(enforced.core, { metrics: { record: () => {} }, keys });
  served = await serveServices(enforced.core, [logs.service]);
});

afterAll(async () => {
  for (const each of clients) {
    each.destroy();
  }
  await served.close();
  enforced.core.dispose();
});

function client(name?: string, ...statements: Statement[]): CloudWatchLogsClient {
  const credentials = name === undefined ? {} : { credentials: enforced.role(name, ...statements) };
  const made = new CloudWatchLogsClient({ ...served.client, ...credentials, maxAttempts: 1 });
  clients.push(made);
  return made;
}

const denial = (work: Promise<unknown>): Promise<Error> =>
  work.then(
    () => Promise.reject(new Error("it was allowed")),
    (error: Error) => error,
  );

test("every operation has needs", () => {
  const { access = {}, operations } = logs.service;
  expect(Object.keys(operations).filter((name) => !(name in access))).toEqual([]);
});

test.each<[string, object, string[]]>([
  ["CreateLogGroup", { logGroupName: "/a" }, [`logs:CreateLogGroup ${ARN}:/a:log-stream:`]],
  ["DescribeLogGroups", { logGroupNamePrefix: "/a" }, [`logs:DescribeLogGroups ${ARN}::log-stream:`]],
  ["PutLogEvents", { logGroupName: "/a", logStreamName: "s" }, [`logs:PutLogEvents ${ARN}:/a:log-stream:s`]],
  [
    "GetLogEvents",
    { logGroupIdentifier: `${ARN}:/a:*`, logStreamName: "s" },
    [`logs:GetLogEvents ${ARN}:/a:log-stream:s`],
  ],
  [
    "FilterLogEvents",
    { logGroupName: "/a", unmask: true },
    [`logs:FilterLogEvents ${ARN}:/a:log-stream:`, `logs:Unmask ${ARN}:/a:log-stream:`],
  ],
  [
    "StartLiveTail",
    { logGroupIdentifiers: [`${ARN}:/a`, `${ARN}:/b`] },
    [`logs:StartLiveTail ${ARN}:/a:log-stream:`, `logs:StartLiveTail ${ARN}:/b:log-stream:`],
  ],
  ["DescribeMetricFilters", {}, [`logs:DescribeMetricFilters ${ARN}::log-stream:`]],
  ["TagResource", { resourceArn: `${ARN}:/a`, tags: { k: "v" } }, [`logs:TagResource ${ARN}:/a`]],
  ["PutQueryDefinition", { name: "q" }, ["logs:PutQueryDefinition *"]],
  ["StartQuery", { logGroupName: "/a" }, [`logs:StartQuery ${ARN}:/a:log-stream:`]],
  [
    "StartQuery",
    { logGroupIdentifiers: [`${ARN}:/a`, "/b"] },
    [`logs:StartQuery ${ARN}:/a:log-stream:`, `logs:StartQuery ${ARN}:/b:log-stream:`],
  ],
  ["StartQuery", { queryString: "SOURCE '/c' | fields @message" }, [`logs:StartQuery ${ARN}:/c:log-stream:`]],
  ["StartQuery", { queryString: "SOURCE nonsense" }, [`logs:StartQuery ${ARN}::log-stream:`]],
  ["GetQueryResults", { queryId: "q" }, ["logs:GetQueryResults *"]],
  ["GetLogGroupFields", { logGroupIdentifier: `${ARN}:/a` }, [`logs:GetLogGroupFields ${ARN}:/a:log-stream:`]],
])("%s %o", (operation, input, expected) => {
  const needs = logs.service.access?.[operation]?.(input as never, enforced.core.context()) ?? [];
  expect(needs.map(({ action, resource }) => `${action} ${resource}`)).toEqual(expected);
});

test("a group's ARN in a policy needs its :*", async () => {
  const logGroupName = "/app/events";
  await client().send(new CreateLogGroupCommand({ logGroupName }));
  const stream = new CreateLogStreamCommand({ logGroupName, logStreamName: "one" });
  const bare = client("bare", allow("logs:*", `${ARN}:${logGroupName}`));
  await expect(denial(bare.send(stream))).resolves.toMatchObject({
    name: "AccessDeniedException",
    message: `User: arn:aws:sts::000000000000:assumed-role/bare/test is not authorized to perform: logs:CreateLogStream on resource: ${ARN}:${logGroupName}:log-stream:one because no identity-based policy allows the logs:CreateLogStream action`,
  });
  const full = client("full", allow(["logs:CreateLogStream", "logs:PutLogEvents"], `${ARN}:${logGroupName}:*`));
  await full.send(stream);
  const logEvents = [{ timestamp: enforced.core.clock.now(), message: "x" }];
  await full.send(new PutLogEventsCommand({ logGroupName, logStreamName: "one", logEvents }));
  await denial(full.send(new DescribeLogGroupsCommand({})));
});

test("tags on creation are allowed by either of two actions", async () => {
  const create = (logGroupName: string) => new CreateLogGroupCommand({ logGroupName, tags: { team: "items" } });
  const untagged = client("untagged", allow("logs:CreateLogGroup", `${ARN}:*`));
  expect((await denial(untagged.send(create("/tags/0")))).message).toContain(
    `logs:TagResource on resource: ${ARN}:/tags/0 `,
  );
  for (const [index, action] of ["logs:TagResource", "logs:TagLogGroup"].entries()) {
    const tagger = client(`tagger${index}`, allow(["logs:CreateLogGroup", action], `${ARN}:*`));
    await tagger.send(create(`/tags/${index + 1}`));
  }
});

test("a key must let CloudWatch Logs use it for the group", async () => {
  const create = new CreateLogGroupCommand({ logGroupName: "/secret", kmsKeyId: KEY });
  const owner = { ...allow("kms:*", "*"), Principal: { AWS: "arn:aws:iam::000000000000:root" } };
  const use = (group: string) => ({
    ...allow(["kms:Encrypt*", "kms:Decrypt*", "kms:GenerateDataKey*"], "*"),
    Principal: { Service: "logs.us-east-1.amazonaws.com" },
    Condition: { ArnEquals: { "kms:EncryptionContext:aws:logs:arn": `${ARN}:${group}` } },
  });
  for (const statements of [[owner], [owner, use("/other")]]) {
    keyPolicy = policy(...statements);
    await expect(denial(client().send(create))).resolves.toMatchObject({
      name: "InvalidParameterException",
      message: `The specified KMS key does not exist or is not allowed to be used with Arn '${ARN}:/secret'`,
    });
  }
  keyPolicy = policy(owner, use("/secret"));
  await client().send(create);
});
