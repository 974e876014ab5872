import { afterAll, beforeAll, expect, test } from "vitest";
import { type SqsFixture, sqsFixture } from "./sqs-fixture.ts";

const ARN = "arn:aws:sqs:us-east-1:000000000000:";

let fixture: SqsFixture;
let source: string;
let dead: string;

beforeAll(async () => {
  fixture = await sqsFixture();
  source = await fixture.queue("source");
  dead = await fixture.queue("dead");
});
afterAll(() => fixture.dispose());

const set = (QueueUrl: string, Attributes: Record<string, string>) =>
  fixture.call("SetQueueAttributes", { QueueUrl, Attributes });

const redrive = (policy: unknown) => set(source, { RedrivePolicy: JSON.stringify(policy) });

test.each([
  ["Redrive policy is not a valid JSON map.", "a text"],
  ["does not contain mandatory attribute: deadLetterTargetArn.", { maxReceiveCount: 1 }],
  ["does not contain mandatory attribute: maxReceiveCount.", { deadLetterTargetArn: `${ARN}dead` }],
  [
    "Invalid value for maxReceiveCount: 0, valid values are from 1 to 1000",
    { deadLetterTargetArn: `${ARN}dead`, maxReceiveCount: 0 },
  ],
  ["Invalid value for maxReceiveCount: 1001", { deadLetterTargetArn: `${ARN}dead`, maxReceiveCount: "1001" }],
  ["Invalid value for deadLetterTargetArn.", { deadLetterTargetArn: "dead", maxReceiveCount: 1 }],
  [
    "must be in the same Region and account as the source queue.",
    { deadLetterTargetArn: "arn:aws:sqs:eu-west-1:000000000000:dead", maxReceiveCount: 1 },
  ],
  ["Dead letter target does not exist.", { deadLetterTargetArn: `${ARN}gone`, maxReceiveCount: 1 }],
])("a redrive policy is refused: %s", async (reason, policy) => {
  await expect(redrive(policy)).rejects.toThrow(reason);
});

test("a queue that takes messages of certain queues is a dead-letter queue for no other", async () => {
  const policy = { deadLetterTargetArn: `${ARN}dead`, maxReceiveCount: 3 };
  const allow = (rule: object) => set(dead, { RedriveAllowPolicy: JSON.stringify(rule) });
  const refused = "The redrive allow policy of the dead-letter target does not allow this source queue.";
  await allow({ redrivePermission: "denyAll" });
  await expect(redrive(policy)).rejects.toThrow(refused);
  await allow({ redrivePermission: "byQueue", sourceQueueArns: [`${ARN}other`] });
  await expect(redrive(policy)).rejects.toThrow(refused);
  await allow({ redrivePermission: "byQueue", sourceQueueArns: [`${ARN}other`, `${ARN}source`] });
  await redrive(policy);
  const { Attributes } = await fixture.call("GetQueueAttributes", {
    QueueUrl: source,
    AttributeNames: ["RedrivePolicy"],
  });
  expect(JSON.parse(Attributes?.RedrivePolicy ?? "")).toEqual(policy);
});

test.each([
  ["Redrive allow policy is not a valid JSON map.", []],
  ["it must be allowAll, denyAll or byQueue.", { redrivePermission: "some" }],
  [
    "sourceQueueArns can only be given with redrivePermission byQueue.",
    { redrivePermission: "allowAll", sourceQueueArns: [`${ARN}source`] },
  ],
  ["sourceQueueArns must have between 1 and 10 ARNs", { redrivePermission: "byQueue" }],
  ["sourceQueueArns must be ARNs of queues.", { redrivePermission: "byQueue", sourceQueueArns: ["source"] }],
])("a redrive allow policy is refused: %s", async (reason, policy) => {
  await expect(set(dead, { RedriveAllowPolicy: JSON.stringify(policy) })).rejects.toThrow(reason);
});
