import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import type { Moment } from "@slipway/contracts";
import { type Message, type Notifier, ReleaseError } from "@slipway/release-engine";
import { type AwsClientOptions, clientSettings } from "../client-settings.ts";
import { translateAwsError } from "../translate-aws-error.ts";
import { messageText } from "./message-text.ts";

/** SNS's limit for a subject; it takes printable ASCII only. */
const MOST_SUBJECT = 100;
const connectionTimeout = 2_000;
const requestTimeout = 4_000;

export interface SnsNotifierOptions extends AwsClientOptions {
  readonly moments: readonly Moment[];
  /** ARN of the topic; undefined before the infrastructure that makes it was applied. */
  topicArn(): Promise<string | undefined>;
}

/**
 * Tells people through a topic of SNS. As an e-mail it reads well: the subject says what happened, the text why, and what to type now.
 * Programs that subscribe find the moment, the environment, the release and the incident in the message's attributes.
 *
 * @see https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
 */
export class SnsNotifier implements Notifier {
  readonly channel = "sns";
  readonly moments: readonly Moment[];
  readonly #sns: SNSClient;
  readonly #topicArn: SnsNotifierOptions["topicArn"];

  constructor({ moments, topicArn, ...client }: SnsNotifierOptions) {
    this.moments = moments;
    this.#topicArn = topicArn;
    this.#sns = new SNSClient(clientSettings(client, { connectionTimeout, requestTimeout }));
  }

  async isThere(): Promise<boolean> {
    return (await this.#topicArn()) !== undefined;
  }

  async send(message: Message, abortSignal?: AbortSignal): Promise<void> {
    const topic = await this.#topicArn();
    if (topic === undefined) {
      throw new ReleaseError({
        kind: "not-found",
        what: "There is no topic yet",
        why: "the infrastructure that makes it has not been applied by a release",
        next: "release it first",
      });
    }
    const { moment, environment, release, incident = null } = message;
    const attributes = { moment, environment, release, incident };
    try {
      await this.#sns.send(
        new PublishCommand({
          TopicArn: topic,
          Subject: subjectOf(message),
          Message: messageText(message),
          MessageAttributes: Object.fromEntries(
            Object.entries(attributes).flatMap(([name, StringValue]) =>
              StringValue === null ? [] : [[name, { DataType: "String", StringValue }]],
            ),
          ),
        }),
        { abortSignal },
      );
    } catch (error) {
      throw translateAwsError(error, { action: "sns:Publish", subject: `the topic ${topic}` });
    }
  }

  /** Closes the connections. */
  close(): void {
    this.#sns.destroy();
  }
}

function subjectOf({ title }: Message): string {
  const ascii = title.normalize("NFKD").replaceAll(/[^\x20-\x7e]/g, "");
  return ascii.length > MOST_SUBJECT ? `${ascii.slice(0, MOST_SUBJECT - 3)}...` : ascii;
}
