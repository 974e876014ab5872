import type { AccessNeed, AccessNeeds, ConditionValues } from "../../core/access.ts";
import type { RequestContext } from "../../core/service.ts";
import { requestTagConditions, resourceTagConditions } from "../../core/tag-conditions.ts";
import type { Sns, SnsState } from "./sns-state.ts";
import { topicPolicy } from "./topic-policy.ts";

/**
 * What each operation of SNS needs. The actions are spelled as SNS's own denials spell them. Subscriptions are no resources to IAM:
 * what is done to one is asked for on `*`. The key of a topic is checked by publishing itself, because SNS has an error of its own
 * for it.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
 */
export function snsAccess(state: SnsState): AccessNeeds<Sns> {
  const onTopic = (
    action: string,
    arn: string | undefined,
    { accountId }: RequestContext,
    conditions: ConditionValues = {},
  ): AccessNeed => {
    const topic = state.topics.get(arn ?? "");
    return {
      action: `SNS:${action}`,
      resource: arn ?? "*",
      conditions: { ...resourceTagConditions(topic?.tags), ...conditions },
      resourcePolicy: topic === undefined ? undefined : topicPolicy(topic, accountId),
    };
  };
  const topicNeeds =
    (action: string) =>
    ({ TopicArn }: { readonly TopicArn?: string | undefined }, context: RequestContext): AccessNeed[] => [
      onTopic(action, TopicArn, context),
    ];
  const taggedNeeds =
    (action: string, conditionsOf: (input: TagInput) => ConditionValues = () => ({})) =>
    (input: TagInput, context: RequestContext): AccessNeed[] => [
      onTopic(action, input.ResourceArn, context, conditionsOf(input)),
    ];
  const anywhere = (action: string) => (): AccessNeed[] => [{ action: `SNS:${action}`, resource: "*" }];

  return {
    CreateTopic({ Name = "", Tags }, context) {
      const arn = `arn:aws:sns:${context.region}:${context.accountId}:${Name}`;
      const conditions = requestTagConditions(tagRecord(Tags));
      return [
        onTopic("CreateTopic", arn, context, conditions),
        ...(Tags?.length ? [onTopic("TagResource", arn, context, conditions)] : []),
      ];
    },
    DeleteTopic: topicNeeds("DeleteTopic"),
    ListTopics: anywhere("ListTopics"),
    GetTopicAttributes: topicNeeds("GetTopicAttributes"),
    SetTopicAttributes: topicNeeds("SetTopicAttributes"),
    TagResource: taggedNeeds("TagResource", ({ Tags }) => requestTagConditions(tagRecord(Tags))),
    UntagResource: taggedNeeds("UntagResource", ({ TagKeys }) => ({ "aws:TagKeys": TagKeys ?? [] })),
    ListTagsForResource: taggedNeeds("ListTagsForResource"),

    Subscribe: ({ TopicArn, Protocol, Endpoint }, context) => [
      onTopic("Subscribe", TopicArn, context, { "sns:Protocol": Protocol, "sns:Endpoint": Endpoint }),
    ],
    ConfirmSubscription: topicNeeds("ConfirmSubscription"),
    ListSubscriptionsByTopic: topicNeeds("ListSubscriptionsByTopic"),
    ListSubscriptions: anywhere("ListSubscriptions"),
    Unsubscribe: anywhere("Unsubscribe"),
    GetSubscriptionAttributes: anywhere("GetSubscriptionAttributes"),
    SetSubscriptionAttributes: anywhere("SetSubscriptionAttributes"),

    Publish: ({ TopicArn, TargetArn }, context) => [onTopic("Publish", TopicArn ?? TargetArn, context)],
    PublishBatch: topicNeeds("Publish"),
  };
}

interface TagInput {
  readonly ResourceArn?: string | undefined;
  readonly Tags?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;
  readonly TagKeys?: readonly string[] | undefined;
}

function tagRecord(tags: TagInput["Tags"]): Record<string, string> {
  return Object.fromEntries((tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
}
