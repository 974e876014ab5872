import type { InputOf, OperationName, OutputOf, RequestContext } from "../../core/service.ts";
import { type TestCore, testCore } from "../../test/test-core.ts";
import type { CloudWatch } from "./cloudwatch-state.ts";
import { type CloudWatchService, createCloudWatch } from "./create-cloudwatch.ts";

/** CloudWatch on a temporary store, for tests: operations without the wire, and what was published to topics. */
export interface CloudWatchHarness {
  readonly core: TestCore;
  readonly cloudwatch: CloudWatchService;
  readonly published: { topicArn: string; subject: string; message: string }[];
  call<N extends OperationName<CloudWatch>>(
    name: N,
    input: Partial<InputOf<CloudWatch, N>>,
  ): Promise<OutputOf<CloudWatch, N>>;
  /** Moves the clock to the next full minute, at which alarms are evaluated. */
  nextMinute(): Promise<void>;
  dispose(): Promise<void>;
}

/** Makes a {@link CloudWatchHarness}, with the clock at a full minute. */
export async function cloudWatchHarness(): Promise<CloudWatchHarness> {
  const core = testCore();
  const published: CloudWatchHarness["published"] = [];
  const cloudwatch = createCloudWatch(core, {
    topics: { publish: (topicArn, subject, message) => published.push({ topicArn, subject, message }) },
  });
  const nextMinute = () => core.clock.advance(60_000 - (core.clock.now() % 60_000));
  await nextMinute();
  return {
    core,
    cloudwatch,
    published,
    nextMinute,
    async call(name, input) {
      const operation = cloudwatch.service.operations[name] as unknown as (
        given: typeof input,
        context: RequestContext,
      ) => Promise<never>;
      return operation(input, core.context());
    },
    async dispose() {
      await cloudwatch.service.close?.();
      core.dispose();
    },
  };
}
