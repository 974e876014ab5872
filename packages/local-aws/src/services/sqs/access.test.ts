import { GetQueueUrlCommand, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { KeyDirectory } from "../../core/ports.ts";
import { allow, type EnforcedCore, enforcedCore, policy, type Statement } from "../../test/enforced-core.ts";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { createSqs, type SqsService } from "./create-sqs.ts";

const QUEUE = "arn:aws:sqs:us-east-1:000000000000:orders";
const KEY = "arn:aws:kms:us-east-1:000000000000:key/11111111-1111-4111-8111-111111111111";

let enforced: EnforcedCore;
let sqs: SqsService;
let served: ServedServices;
let QueueUrl: string;
const clients: SQSClient[] = [];

const keys: KeyDirectory = {
  findKeyArn: (key) => (key === KEY ? KEY : undefined),
  keyPolicy: () => ({
    name: "key policy",
    document: policy({ ...allow("kms:*", "*"), Principal: { AWS: "arn:aws:iam::000000000000:root" } }),
    mode: "required",
  }),
};

beforeEach(async () => {
  enforced = enforcedCore();
  sqs = createSqs(enforced.core, { metrics: { record: () => {} }, keys });
  served = await serveServices(enforced.core, [sqs.service]);
  QueueUrl = `${served.url}/000000000000/orders`;
});

afterEach(async () => {
  for (const client of clients.splice(0)) {
    client.destroy();
  }
  await served.close();
  enforced.core.dispose();
});

async function queue(Attributes: object, tags = {}): Promise<void> {
  const create = sqs.service.operations.CreateQueue as (input: object, context: object) => unknown;
  await create({ QueueName: "orders", Attributes, tags }, enforced.core.context());
}

function as(name: string, ...statements: Statement[]): SQSClient {
  const client = new SQSClient({ ...served.client, credentials: enforced.role(name, ...statements), maxAttempts: 1 });
  clients.push(client);
  return client;
}

const send = (client: SQSClient) =>
  client.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: "a", MessageBody: "x" }] }));

test("a batch needs the permission of the single operation, on the queue's ARN", async () => {
  await queue({});

  await expect(send(as("nobody"))).rejects.toMatchObject({
    Code: "AccessDenied",
    message: expect.stringMatching(
      /assumed-role\/nobody.* not authorized to perform: sqs:SendMessage on resource: .*:orders/i,
    ),
  });
  await expect(send(as("other", allow("sqs:*", `${QUEUE}-other`)))).rejects.toMatchObject({ Code: "AccessDenied" });
  expect((await send(as("sender", allow("sqs:SendMessage", QUEUE)))).Successful).toHaveLength(1);
});

test("the queue's own policy may let a role in, and a denial there shuts everybody out", async () => {
  const grant = { ...allow("sqs:SendMessage", QUEUE), Principal: { AWS: "arn:aws:iam::000000000000:role/sender" } };
  await queue({ Policy: policy(grant) });
  expect((await send(as("sender"))).Successful).toHaveLength(1);

  const set = sqs.service.operations.SetQueueAttributes as (input: object, context: object) => unknown;
  const Policy = policy({ ...allow("sqs:*", QUEUE), Effect: "Deny", Principal: "*" });
  await set({ QueueUrl, Attributes: { Policy } }, enforced.core.context());
  await expect(send(as("admin", allow("*", "*")))).rejects.toThrow(/explicit deny/);
});

test("tags of the queue decide", async () => {
  await queue({}, { team: "ops" });
  const where = (team: string) => ({ Condition: { StringEquals: { "aws:ResourceTag/team": team } } });
  const ask = new GetQueueUrlCommand({ QueueName: "orders" });

  expect((await as("ops", allow("sqs:GetQueueUrl", "*", where("ops"))).send(ask)).QueueUrl).toMatch(/orders$/);
  await expect(as("dev", allow("sqs:GetQueueUrl", "*", where("dev"))).send(ask)).rejects.toMatchObject({
    Code: "AccessDenied",
  });
});

test("a queue with a key needs the key, through SQS: both uses to send, one to receive", async () => {
  await queue({ KmsMasterKeyId: KEY });
  const use = { Condition: { StringEquals: { "kms:ViaService": "sqs.us-east-1.amazonaws.com" } } };
  const sending = allow(["kms:GenerateDataKey", "kms:Decrypt"], KEY, use);

  await expect(send(as("keyless", allow("sqs:*", QUEUE)))).rejects.toThrow(/kms:GenerateDataKey/);
  expect((await send(as("sender", allow("sqs:*", QUEUE), sending))).Successful).toHaveLength(1);
  const receiver = as("receiver", allow("sqs:ReceiveMessage", QUEUE), allow("kms:Decrypt", KEY, use));
  expect((await receiver.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toHaveLength(1);
});
