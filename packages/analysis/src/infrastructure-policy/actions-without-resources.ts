/** Until when the table below says what the Service Authorization Reference says. */
export const ACTIONS_AS_OF = "2026-06-14";

/**
 * Actions that cannot be limited to a resource: AWS lists no resource type for them, so that `*` is all that a policy can say.
 * Of each service that this repository's infrastructure uses, by its prefix; an action of theirs that is not here can be limited.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
export const ACTIONS_WITHOUT_RESOURCES: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    apigateway: "",
    cloudwatch: `
      BatchGetServiceLevelIndicatorReport CallWithBearerToken CreateServiceLevelObjective
      DeleteAnomalyDetector DescribeAlarmsForMetric DescribeAnomalyDetectors DescribeInsightRules
      EnableTopologyDiscovery GenerateQuery GenerateQueryResultsSummary GetMetricData GetMetricStatistics
      GetMetricWidgetImage GetOTelEnrichment GetTopologyDiscoveryStatus GetTopologyMap Link ListDashboards
      ListEntitiesForMetric ListManagedInsightRules ListMetricStreams ListMetrics ListServiceLevelObjectives
      ListServices PutAnomalyDetector PutManagedInsightRules PutMetricData StartOTelEnrichment
      StopOTelEnrichment
    `,
    dynamodb: `
      DescribeEndpoints DescribeLimits DescribeReservedCapacity DescribeReservedCapacityOfferings
      GetAbacStatus InjectError ListBackups ListContributorInsights ListExports ListGlobalTables ListImports
      ListStreams ListTables PurchaseReservedCapacityOfferings UpdateAbacStatus
    `,
    iam: `
      CreateAccountAlias DeleteAccountAlias DeleteAccountPasswordPolicy DeleteCloudFrontPublicKey
      DisableOrganizationsRootCredentialsManagement DisableOrganizationsRootSessions
      DisableOutboundWebIdentityFederation EnableOrganizationsRootCredentialsManagement
      EnableOrganizationsRootSessions EnableOutboundWebIdentityFederation GenerateCredentialReport
      GetAccountAuthorizationDetails GetAccountEmailAddress GetAccountName GetAccountPasswordPolicy
      GetAccountSummary GetCloudFrontPublicKey GetContextKeysForCustomPolicy GetCredentialReport
      GetOrganizationsAccessReport GetOutboundWebIdentityFederationInfo GetServiceLastAccessedDetails
      GetServiceLastAccessedDetailsWithEntities ListAccountAliases ListCloudFrontPublicKeys
      ListDelegationRequests ListGroups ListInstanceProfiles ListOpenIDConnectProviders
      ListOrganizationsFeatures ListPolicies ListRoles ListSAMLProviders ListSTSRegionalEndpointsStatus
      ListServerCertificates ListUsers ListVirtualMFADevices SetSTSRegionalEndpointStatus
      SetSecurityTokenServicePreferences SimulateCustomPolicy UpdateAccountEmailAddress UpdateAccountName
      UpdateAccountPasswordPolicy UpdateCloudFrontPublicKey UploadCloudFrontPublicKey
    `,
    kms: `
      ConnectCustomKeyStore CreateCustomKeyStore CreateKey DeleteCustomKeyStore DescribeCustomKeyStores
      DisconnectCustomKeyStore GenerateRandom ListAliases ListKeys ListRetirableGrants UpdateCustomKeyStore
    `,
    lambda: `
      CreateCodeSigningConfig CreateEventSourceMapping GetAccountSettings ListCapacityProviders
      ListCodeSigningConfigs ListEventSourceMappings ListFunctions ListLayerVersions ListLayers
    `,
    logs: `
      AssociateSourceToS3TableIntegration CallWithBearerToken CancelExportTask CancelImportTask
      CreateImportTask CreateLogDelivery DeleteAccountPolicy DeleteIndexPolicy DeleteIntegration
      DeleteLogDelivery DeletePipelineRule DeleteQueryDefinition DeleteResourcePolicy DescribeAccountPolicies
      DescribeConfigurationTemplates DescribeDeliveries DescribeDeliveryDestinations DescribeDeliverySources
      DescribeDestinations DescribeExportTasks DescribeFieldIndexes DescribeImportTaskBatches
      DescribeImportTasks DescribeIndexPolicies DescribeLogGroups DescribeLookupTables DescribeQueries
      DescribeQueryDefinitions DescribeResourcePolicies DisassociateSourceFromS3TableIntegration
      GetIntegration GetLogDelivery GetLogFields Link ListAggregateLogGroupSummaries ListEntitiesForLogGroup
      ListIntegrations ListLogDeliveries ListLogGroups ListLogGroupsForEntity ListLogGroupsForQuery
      ListScheduledQueries ListSourcesForS3TableIntegration PutAccountPolicy PutIndexPolicy PutIntegration
      PutPipelineRule PutQueryDefinition PutResourcePolicy StopLiveTail StopQuery TestMetricFilter
      TestTransformer UpdateLogDelivery
    `,
    s3: `
      CreateJob CreateStorageLensGroup GetAccessPoint GetAccountPublicAccessBlock ListAccessGrantsInstances
      ListAccessPoints ListAccessPointsForObjectLambda ListAllMyBuckets ListJobs ListMultiRegionAccessPoints
      ListStorageLensConfigurations ListStorageLensGroups PutAccessPointPublicAccessBlock
      PutAccountPublicAccessBlock PutStorageLensConfiguration
    `,
    scheduler: "ListScheduleGroups ListSchedules",
    sns: `
      CheckIfPhoneNumberIsOptedOut CreatePlatformApplication CreatePlatformEndpoint
      CreateSMSSandboxPhoneNumber DeleteEndpoint DeletePlatformApplication DeleteSMSSandboxPhoneNumber
      GetEndpointAttributes GetPlatformApplicationAttributes GetSMSAttributes GetSMSSandboxAccountStatus
      GetSubscriptionAttributes ListEndpointsByPlatformApplication ListOriginationNumbers
      ListPhoneNumbersOptedOut ListPlatformApplications ListSMSSandboxPhoneNumbers ListSubscriptions
      ListTopics OptInPhoneNumber SetEndpointAttributes SetPlatformApplicationAttributes SetSMSAttributes
      SetSubscriptionAttributes Unsubscribe VerifySMSSandboxPhoneNumber
    `,
    sqs: "ListQueues",
    sts: `
      DecodeAuthorizationMessage GetAccessKeyInfo GetCallerIdentity GetDelegatedAccessToken
      GetServiceBearerToken GetSessionToken GetWebIdentityToken TagGetWebIdentityToken
    `,
    tag: `
      DescribeReportCreation GetComplianceSummary GetResources GetTagKeys GetTagValues ListRequiredTags
      StartReportCreation TagResources UntagResources
    `,
    xray: `
      BatchGetTraceSummaryById BatchGetTraces CancelTraceRetrieval DeleteResourcePolicy GetDistinctTraceGraphs
      GetEncryptionConfig GetGroups GetIndexingRules GetInsight GetInsightEvents GetInsightImpactGraph
      GetInsightSummaries GetRetrievedTracesGraph GetSamplingRules GetSamplingStatisticSummaries
      GetSamplingTargets GetServiceGraph GetTimeSeriesServiceStatistics GetTraceGraph
      GetTraceSegmentDestination GetTraceSummaries Link ListResourcePolicies ListRetrievedTraces
      PutEncryptionConfig PutResourcePolicy PutSpans PutSpansForIndexing PutTelemetryRecords PutTraceSegments
      StartTraceRetrieval UpdateIndexingRule UpdateTraceSegmentDestination
    `,
  }).map(([service, names]) => [
    service,
    new Set(
      names
        .toLowerCase()
        .split(/\s+/)
        .filter((name) => name !== ""),
    ),
  ]),
);

/**
 * Actions that can be limited, and then do no longer what they are for: on composite alarms CloudWatch lets them work only where
 * they are allowed on `*`.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutCompositeAlarm.html, and of the others alike
 */
export const ACTIONS_ON_COMPOSITE_ALARMS: ReadonlySet<string> = new Set([
  "cloudwatch:describealarmhistory",
  "cloudwatch:describealarms",
  "cloudwatch:putcompositealarm",
]);
