import { type CreateQueueCommandInput, SQSClient } from "@aws-sdk/client-sqs";
import type { KeyDirectory, MetricDatum } from "../../core/ports.ts";
import type { InputOf, OperationName, OutputOf } from "../../core/service.ts";
import { type ServedServices, serveServices } from "../../test/serve-services.ts";
import { type TestCore, testCore } from "../../test/test-core.ts";
import { createSqs, type SqsService } from "./create-sqs.ts";
import type { Sqs } from "./sqs-state.ts";

/** A KMS key that the fixture has. */
export const KEY = "alias/app";
const KEY_ARN = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-4000-8000-000000000001";

/** SQS behind the real wire layer, with a real client, for tests. */
export interface SqsFixture {
  readonly core: TestCore;
  readonly served: ServedServices;
  readonly sqs: SqsService;
  readonly client: SQSClient;
  readonly metrics: MetricDatum[];
  /** `call("SendMessage", {...})`, over HTTP. */
  call<N extends OperationName<Sqs>>(operation: N, input: Partial<InputOf<Sqs, N>>): Promise<OutputOf<Sqs, N>>;
  /** Makes a queue: its URL. */
  queue(name: string, attributes?: CreateQueueCommandInput["Attributes"]): Promise<string>;
  /** Closes SQS and opens it again on the same store. */
  restart(): Promise<void>;
  dispose(): Promise<void>;
}

/** Makes an {@link SqsFixture}. */
export async function sqsFixture(): Promise<SqsFixture> {
  let served: ServedServices;
  const core: TestCore = { ...testCore(), endpoint: () => served.url };
  const metrics: MetricDatum[] = [];
  const keys: KeyDirectory = {
    findKeyArn: (key) => ([KEY, KEY_ARN].includes(key) ? KEY_ARN : undefined),
    keyPolicy: () => undefined,
  };
  const sdk = (await import("@aws-sdk/client-sqs")) as unknown as Record<string, new (input: object) => never>;
  let sqs: SqsService;
  let client: SQSClient;
  const start = async () => {
    sqs = createSqs(core, { keys, metrics: { record: (data) => void metrics.push(...data) } });
    served = await serveServices(core, [sqs.service]);
    client = new SQSClient(served.client);
  };
  const stop = async () => {
    client.destroy();
    await served.close();
  };
  await start();
  const fixture: SqsFixture = {
    core,
    metrics,
    get sqs() {
      return sqs;
    },
    get served() {
      return served;
    },
    get client() {
      return client;
    },
    async call(operation, input) {
      const Command = sdk[`${operation}Command`];
      if (Command === undefined) {
        throw new Error(`The SDK has no ${operation}.`);
      }
      return (await client.send(new Command(input as object))) as never;
    },
    async queue(name, attributes) {
      const { QueueUrl = "" } = await fixture.call("CreateQueue", { QueueName: name, Attributes: attributes });
      return QueueUrl;
    },
    async restart() {
      await stop();
      await start();
    },
    async dispose() {
      await stop();
      core.dispose();
    },
  };
  return fixture;
}
