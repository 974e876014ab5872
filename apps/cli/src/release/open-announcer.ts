import type { AwsClientOptions } from "@slipway/aws";
import { SnsNotifier, WebhookNotifier } from "@slipway/aws/notifications";
import { type LedgerEntry, moments, type NotificationConfig } from "@slipway/contracts";
import {
  type Announcer,
  appliedInfrastructure,
  createAnnouncer,
  type Notifier,
  type Redactor,
  releases,
} from "@slipway/release-engine";

export interface AnnouncerPlace {
  /** `release.notifications` of the environment. */
  readonly config: NotificationConfig;
  readonly env: NodeJS.ProcessEnv;
  readonly redactor: Redactor;
  /** For a client of who may publish to the topic: on local AWS the deploy role. */
  readonly client: AwsClientOptions;
  /** The environment's ledger as it is now. */
  readEntries(): Promise<readonly LedgerEntry[]>;
  /** Shows whoever watches that people were told, or not. */
  readonly onLine?: (text: string) => void;
}

/**
 * The ways in which people are told what happens to releases, as the configuration names them. An address that is missing is no reason to
 * stop: its channel fails, visibly, each time.
 */
export function openAnnouncer(place: AnnouncerPlace): { readonly announcer: Announcer; close(): void } {
  const { config, env, redactor, client, readEntries, onLine } = place;
  const { topicOutput, topicMoments = moments, webhooks } = config;
  const sns =
    topicOutput === undefined
      ? undefined
      : new SnsNotifier({
          ...{ ...client, moments: topicMoments },
          topicArn: async () => topicOf(await readEntries(), topicOutput),
        });
  const notifiers: Notifier[] = [
    ...(sns === undefined ? [] : [sns]),
    ...webhooks.map(({ name, urlVariable: variable, moments: wanted = moments }) => {
      const url = env[variable];
      // Whoever knows it can write there.
      if (url !== undefined) {
        redactor.learn(url);
      }
      return new WebhookNotifier({ name, variable, url, moments: wanted });
    }),
  ];
  return {
    announcer: createAnnouncer({ notifiers, redactor, ...(onLine && { onLine }) }),
    close: () => sns?.close(),
  };
}

/** As the newest release that has applied the infrastructure has left it: nobody reads the state for a message. */
function topicOf(entries: readonly LedgerEntry[], output: string): string | undefined {
  for (const record of releases(entries).reverse()) {
    const topic = appliedInfrastructure(record)?.outputs[output];
    if (typeof topic === "string") {
      return topic;
    }
  }
  return undefined;
}
