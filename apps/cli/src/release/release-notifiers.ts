import { SnsNotifier, WebhookNotifier } from "@slipway/aws";
import { moments, type NotificationConfig } from "@slipway/contracts";
import type { Notifier } from "@slipway/release-engine";
import type { ReleaseAccess } from "./release-access.ts";

/** Everybody who is told what happens to a release. */
export interface ReleaseNotifiers {
  readonly all: readonly Notifier[];
  close(): void;
}

/**
 * The channels of a configuration.
 *
 * @param output reads an output of the newest release's infrastructure; undefined before it was applied
 */
export function releaseNotifiers(
  { topicOutput, topicMoments, webhooks }: NotificationConfig,
  { client }: ReleaseAccess,
  env: NodeJS.ProcessEnv,
  output: (name: string) => Promise<unknown>,
): ReleaseNotifiers {
  const topic =
    topicOutput === undefined
      ? undefined
      : new SnsNotifier({
          ...client("deploy"),
          moments: topicMoments ?? moments,
          async topicArn() {
            const arn = await output(topicOutput);
            return typeof arn === "string" ? arn : undefined;
          },
        });
  const hooks = webhooks.map(
    ({ name, urlVariable: variable, moments: wanted = moments }) =>
      new WebhookNotifier({ name, variable, moments: wanted, url: env[variable] }),
  );
  return { all: [...(topic === undefined ? [] : [topic]), ...hooks], close: () => topic?.close() };
}
