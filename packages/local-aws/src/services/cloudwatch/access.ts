import type { AccessNeed, AccessNeeds, ConditionValues } from "../../core/access.ts";
import type { RequestContext } from "../../core/service.ts";
import { requestTagConditions, resourceTagConditions } from "../../core/tag-conditions.ts";
import type { Collection } from "../../store/store.ts";
import type { Alarm } from "./alarms/alarm.ts";
import type { CloudWatch } from "./cloudwatch-state.ts";
import type { Dashboard } from "./dashboard-operations.ts";
import { tagRecord } from "./tags.ts";

/** What the permissions of CloudWatch depend on. */
interface AccessState {
  readonly alarms: Collection<Alarm>;
  readonly dashboards: Collection<Dashboard>;
}

/** Tags as requests have them. */
type TagList = readonly { Key?: string; Value?: string }[];

/**
 * What each operation of CloudWatch needs. Metrics are no resources to IAM. Composite alarms can be put, listed and deleted only with
 * a permission on `*`, as their operations' documentation says.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html
 */
export function cloudWatchAccess({ alarms, dashboards }: AccessState): AccessNeeds<CloudWatch> {
  const onAlarm = (action: string, name: string, context: RequestContext, more: ConditionValues = {}): AccessNeed => ({
    action,
    resource: alarmArn(name, context),
    conditions: { ...resourceTagConditions(alarms.get(name)?.tags), ...more },
  });
  const onDashboard = (action: string, name: string, { accountId }: RequestContext): AccessNeed => ({
    action,
    resource: `arn:aws:cloudwatch::${accountId}:dashboard/${name}`,
    conditions: resourceTagConditions(dashboards.get(name)?.tags),
  });
  const onAlarms =
    (action: string) =>
    ({ AlarmNames }: { readonly AlarmNames?: readonly string[] | undefined }, context: RequestContext): AccessNeed[] =>
      (AlarmNames ?? []).map((name) =>
        alarms.get(name)?.kind === "CompositeAlarm" ? anything(action) : onAlarm(action, name, context),
      );
  const onTagged =
    (action: string) =>
    (
      input: {
        readonly ResourceARN?: string | undefined;
        readonly Tags?: TagList | undefined;
        readonly TagKeys?: readonly string[] | undefined;
      },
      _context: RequestContext,
    ): AccessNeed[] => {
      const arn = input.ResourceARN ?? "*";
      const [, kind, name = ""] = /:(alarm:|dashboard\/)(.+)$/.exec(arn) ?? [];
      const tags = (kind === "alarm:" ? alarms.get(name) : dashboards.get(name))?.tags;
      const asked = input.TagKeys === undefined ? tagConditions(input.Tags) : { "aws:TagKeys": input.TagKeys };
      return [{ action, resource: arn, conditions: { ...resourceTagConditions(tags), ...asked } }];
    };
  const anywhere = (action: string) => (): AccessNeed[] => [anything(action)];

  return {
    PutMetricData: ({ Namespace }) => [
      { action: "cloudwatch:PutMetricData", resource: "*", conditions: { "cloudwatch:namespace": Namespace } },
    ],
    ListMetrics: anywhere("cloudwatch:ListMetrics"),
    GetMetricStatistics: anywhere("cloudwatch:GetMetricStatistics"),
    GetMetricData: anywhere("cloudwatch:GetMetricData"),

    PutMetricAlarm(input, context) {
      const { AlarmName = "", Tags } = input;
      const conditions = { ...tagConditions(Tags), ...actionConditions(input) };
      return [
        onAlarm("cloudwatch:PutMetricAlarm", AlarmName, context, conditions),
        ...(setsTags(alarms, AlarmName, Tags)
          ? [onAlarm("cloudwatch:TagResource", AlarmName, context, conditions)]
          : []),
      ];
    },
    PutCompositeAlarm(input, context) {
      const { AlarmName = "", Tags } = input;
      const conditions = { ...tagConditions(Tags), ...actionConditions(input) };
      return [
        { ...anything("cloudwatch:PutCompositeAlarm"), conditions },
        ...(setsTags(alarms, AlarmName, Tags)
          ? [onAlarm("cloudwatch:TagResource", AlarmName, context, conditions)]
          : []),
      ];
    },
    DeleteAlarms: onAlarms("cloudwatch:DeleteAlarms"),
    DescribeAlarms({ AlarmTypes, AlarmNames }, context) {
      const action = "cloudwatch:DescribeAlarms";
      if (AlarmTypes?.includes("CompositeAlarm")) {
        return [anything(action)];
      }
      return AlarmNames === undefined || AlarmNames.length === 0
        ? [onAlarm(action, "*", context)]
        : AlarmNames.map((name) => onAlarm(action, name, context));
    },
    DescribeAlarmsForMetric: anywhere("cloudwatch:DescribeAlarmsForMetric"),
    DescribeAlarmHistory: ({ AlarmTypes, AlarmName }, context) => [
      AlarmTypes?.includes("CompositeAlarm")
        ? anything("cloudwatch:DescribeAlarmHistory")
        : onAlarm("cloudwatch:DescribeAlarmHistory", AlarmName ?? "*", context),
    ],
    SetAlarmState: ({ AlarmName = "" }, context) => [onAlarm("cloudwatch:SetAlarmState", AlarmName, context)],
    EnableAlarmActions: onAlarms("cloudwatch:EnableAlarmActions"),
    DisableAlarmActions: onAlarms("cloudwatch:DisableAlarmActions"),

    PutDashboard: ({ DashboardName = "", Tags }, context) => [
      onDashboard("cloudwatch:PutDashboard", DashboardName, context),
      ...(Tags?.length
        ? [{ ...onDashboard("cloudwatch:TagResource", DashboardName, context), conditions: tagConditions(Tags) }]
        : []),
    ],
    GetDashboard: ({ DashboardName = "" }, context) => [onDashboard("cloudwatch:GetDashboard", DashboardName, context)],
    ListDashboards: anywhere("cloudwatch:ListDashboards"),
    DeleteDashboards: ({ DashboardNames }, context) =>
      (DashboardNames ?? []).map((name) => onDashboard("cloudwatch:DeleteDashboards", name, context)),

    TagResource: onTagged("cloudwatch:TagResource"),
    UntagResource: onTagged("cloudwatch:UntagResource"),
    ListTagsForResource: onTagged("cloudwatch:ListTagsForResource"),
  };
}

function alarmArn(name: string, { region, accountId }: RequestContext): string {
  return `arn:aws:cloudwatch:${region}:${accountId}:alarm:${name}`;
}

function anything(action: string): AccessNeed {
  return { action, resource: "*" };
}

function tagConditions(tags: TagList | undefined): ConditionValues {
  return requestTagConditions(tagRecord(tags ?? []));
}

/** Tags of a request count for new alarms only; those of one that exists stay as they are. */
function setsTags(alarms: Collection<Alarm>, name: string, tags: TagList | undefined): boolean {
  return tags !== undefined && tags.length > 0 && !alarms.has(name);
}

/** `cloudwatch:AlarmActions`: what an alarm may set off. */
function actionConditions(input: {
  readonly AlarmActions?: readonly string[] | undefined;
  readonly OKActions?: readonly string[] | undefined;
  readonly InsufficientDataActions?: readonly string[] | undefined;
}): ConditionValues {
  const actions = [input.AlarmActions, input.OKActions, input.InsufficientDataActions].flatMap((list) => list ?? []);
  return actions.length === 0 ? {} : { "cloudwatch:AlarmActions": actions };
}
