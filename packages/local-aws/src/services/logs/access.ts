import type { AccessNeed, AccessNeeds, ConditionValues } from "../../core/access.ts";
import { requestFacts } from "../../core/request-facts.ts";
import type { RequestContext } from "../../core/service.ts";
import { requestTagConditions, resourceTagConditions } from "../../core/tag-conditions.ts";
import { sourceOf } from "./insights/language/source-of.ts";
import { namesOfQueryGroups } from "./insights/operations/query-groups.ts";
import { groupArn, type Logs, type LogsState } from "./logs-state.ts";

/** How requests name a group. */
interface GroupInput {
  readonly logGroupName?: string | undefined;
  readonly logGroupIdentifier?: string | undefined;
}

/**
 * What each operation of CloudWatch Logs needs.
 *
 * A group is asked for with an empty stream behind it (`log-group:NAME:log-stream:`), so that policies need `log-group:NAME:*`; only
 * the operations on tags ask for `log-group:NAME`. What is about no group in particular is asked for with an empty name.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
 */
export function logsAccess(state: LogsState): AccessNeeds<Logs> {
  const { core } = state;
  const tagsOf = (group: string): ConditionValues => resourceTagConditions(state.store.groups.find(group)?.tags);
  const onStream = (action: string, group: string, stream = "", more: ConditionValues = {}): AccessNeed => ({
    action: `logs:${action}`,
    resource: `${groupArn(core, group)}:log-stream:${stream}`,
    conditions: { ...tagsOf(group), ...more },
  });
  const onGroup =
    (action: string) =>
    (input: GroupInput): AccessNeed[] => [onStream(action, nameOf(input))];
  /** Nothing is masked here, but the right is asked for as on AWS. */
  const unmasking = (unmask: boolean | undefined, group: string): AccessNeed[] =>
    unmask === true ? [onStream("Unmask", group)] : [];
  const nameOf = ({ logGroupName, logGroupIdentifier }: GroupInput): string =>
    logGroupName ?? nameInIdentifier(logGroupIdentifier);
  const onTags =
    (action: string) =>
    (input: {
      readonly resourceArn?: string | undefined;
      readonly tags?: Record<string, string> | undefined;
      readonly tagKeys?: readonly string[] | undefined;
    }): AccessNeed[] => {
      const asked = input.tagKeys === undefined ? requestTagConditions(input.tags) : { "aws:TagKeys": input.tagKeys };
      const conditions = { ...tagsOf(nameInIdentifier(input.resourceArn)), ...asked };
      return [{ action: `logs:${action}`, resource: input.resourceArn ?? "*", conditions }];
    };
  const anywhere = (action: string) => (): AccessNeed[] => [{ action: `logs:${action}`, resource: "*" }];

  /** Tags on creation may be allowed by either of two actions. */
  const tagOnCreation = (group: string, tags: Record<string, string>, context: RequestContext): AccessNeed => {
    const conditions = requestTagConditions(tags);
    const old = onStream("TagLogGroup", group, "", conditions);
    return core.authorizer.decide(context.principal, old, requestFacts(context)).allowed
      ? old
      : { action: "logs:TagResource", resource: groupArn(core, group), conditions };
  };

  return {
    CreateLogGroup: ({ logGroupName = "", tags = {} }, context) => [
      onStream("CreateLogGroup", logGroupName, "", requestTagConditions(tags)),
      ...(Object.keys(tags).length === 0 ? [] : [tagOnCreation(logGroupName, tags, context)]),
    ],
    DeleteLogGroup: onGroup("DeleteLogGroup"),
    DescribeLogGroups: ({ logGroupIdentifiers }) =>
      logGroupIdentifiers === undefined || logGroupIdentifiers.length === 0
        ? [onStream("DescribeLogGroups", "")]
        : logGroupIdentifiers.map((identifier) => onStream("DescribeLogGroups", nameInIdentifier(identifier))),
    PutRetentionPolicy: onGroup("PutRetentionPolicy"),
    DeleteRetentionPolicy: onGroup("DeleteRetentionPolicy"),
    AssociateKmsKey: ({ logGroupName, resourceIdentifier }) => [
      onStream("AssociateKmsKey", logGroupName ?? nameInIdentifier(resourceIdentifier)),
    ],
    DisassociateKmsKey: ({ logGroupName, resourceIdentifier }) => [
      onStream("DisassociateKmsKey", logGroupName ?? nameInIdentifier(resourceIdentifier)),
    ],
    PutLogGroupDeletionProtection: onGroup("PutLogGroupDeletionProtection"),

    CreateLogStream: ({ logGroupName = "", logStreamName }) => [
      onStream("CreateLogStream", logGroupName, logStreamName),
    ],
    DeleteLogStream: ({ logGroupName = "", logStreamName }) => [
      onStream("DeleteLogStream", logGroupName, logStreamName),
    ],
    DescribeLogStreams: onGroup("DescribeLogStreams"),
    PutLogEvents: ({ logGroupName = "", logStreamName }) => [onStream("PutLogEvents", logGroupName, logStreamName)],
    GetLogEvents: (input) => [
      onStream("GetLogEvents", nameOf(input), input.logStreamName),
      ...unmasking(input.unmask, nameOf(input)),
    ],
    FilterLogEvents: (input) => [onStream("FilterLogEvents", nameOf(input)), ...unmasking(input.unmask, nameOf(input))],
    StartLiveTail: ({ logGroupIdentifiers = [] }) =>
      logGroupIdentifiers.length === 0
        ? [onStream("StartLiveTail", "")]
        : logGroupIdentifiers.map((identifier) => onStream("StartLiveTail", nameInIdentifier(identifier))),

    PutMetricFilter: onGroup("PutMetricFilter"),
    DeleteMetricFilter: onGroup("DeleteMetricFilter"),
    DescribeMetricFilters: onGroup("DescribeMetricFilters"),
    TestMetricFilter: anywhere("TestMetricFilter"),
    DescribeSubscriptionFilters: onGroup("DescribeSubscriptionFilters"),

    StartQuery: (input) => {
      const names = namesOfQueryGroups(state, input, sourceOf(input.queryString));
      return (names.length === 0 ? [""] : names).map((name) => onStream("StartQuery", nameInIdentifier(name)));
    },
    GetQueryResults: anywhere("GetQueryResults"),
    StopQuery: anywhere("StopQuery"),
    DescribeQueries: anywhere("DescribeQueries"),
    GetLogRecord: anywhere("GetLogRecord"),
    GetLogGroupFields: onGroup("GetLogGroupFields"),

    PutQueryDefinition: anywhere("PutQueryDefinition"),
    DescribeQueryDefinitions: anywhere("DescribeQueryDefinitions"),
    DeleteQueryDefinition: anywhere("DeleteQueryDefinition"),
    PutResourcePolicy: anywhere("PutResourcePolicy"),
    DescribeResourcePolicies: anywhere("DescribeResourcePolicies"),
    DeleteResourcePolicy: anywhere("DeleteResourcePolicy"),

    TagResource: onTags("TagResource"),
    UntagResource: onTags("UntagResource"),
    ListTagsForResource: onTags("ListTagsForResource"),
    TagLogGroup: ({ logGroupName = "", tags = {} }) => [
      onStream("TagLogGroup", logGroupName, "", requestTagConditions(tags)),
    ],
    UntagLogGroup: ({ logGroupName = "", tags = [] }) => [
      onStream("UntagLogGroup", logGroupName, "", { "aws:TagKeys": tags }),
    ],
    ListTagsLogGroup: onGroup("ListTagsLogGroup"),
  };
}

/** The name of a group in its name or ARN, with or without `:*`; what is neither is nobody's name. */
function nameInIdentifier(identifier: string | undefined): string {
  return (identifier ?? "").replace(/^arn:[^:]*:logs:[^:]*:\d*:log-group:/, "").replace(/:\*$/, "");
}
