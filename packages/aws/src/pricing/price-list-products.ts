import type { PriceId } from "@slipway/contracts";

/** A product of the AWS Price List, as an offer file has it. */
export interface OfferProduct {
  readonly productFamily?: string;
  readonly attributes?: Readonly<Record<string, string | undefined>>;
}

/** Which product of which offer a price is. */
export interface PriceListProduct {
  readonly id: PriceId;
  /** Code of the offer: the folder of its file. */
  readonly offer: string;
  /** Units that the price table quotes at a time. */
  readonly per: number;
  readonly matches: (product: OfferProduct) => boolean;
}

const MILLION = 1_000_000;

/**
 * Usage types begin with a Region's short name (`EUC1-`, and none in us-east-1) or, of KMS, with its full one. `IA-` is no
 * Region but another table class, and `Global-` is the free tier.
 */
const REGION_PREFIX = /^(?:(?!IA-)[A-Z]{2,4}\d{0,2}-|[a-z]{2}(?:-[a-z]+)+-\d-)/;

/** By the end of the usage type, with other attributes that must be equal. */
function usage(name: string, attributes: Readonly<Record<string, string>> = {}): PriceListProduct["matches"] {
  return (product) =>
    (product.attributes?.usagetype ?? "").replace(REGION_PREFIX, "") === name && hasAll(product, attributes);
}

/** Lambda's products have a group each; their usage types differ between Regions. */
function group(name: string): PriceListProduct["matches"] {
  return (product) =>
    hasAll(product, { group: name }) && product.attributes?.usagetype?.startsWith("Global-") === false;
}

function hasAll(product: OfferProduct, attributes: Readonly<Record<string, string>>): boolean {
  return Object.entries(attributes).every(([key, value]) => product.attributes?.[key] === value);
}

function either(...all: readonly PriceListProduct["matches"][]): PriceListProduct["matches"] {
  return (product) => all.some((matches) => matches(product));
}

/**
 * Where the Price List has each price. Dashboards are not among them: they are sold worldwide, and no Region's file has them.
 *
 * @see https://docs.aws.amazon.com/awsaccountbilling/latest/aboutv2/using-the-aws-price-list-bulk-api.html
 */
export const PRICE_LIST_PRODUCTS: readonly PriceListProduct[] = [
  { id: "lambda.requests", offer: "AWSLambda", per: MILLION, matches: group("AWS-Lambda-Requests") },
  { id: "lambda.duration.x86_64", offer: "AWSLambda", per: 1, matches: group("AWS-Lambda-Duration") },
  { id: "lambda.duration.arm64", offer: "AWSLambda", per: 1, matches: group("AWS-Lambda-Duration-ARM") },
  { id: "lambda.provisioned.x86_64", offer: "AWSLambda", per: 1, matches: group("AWS-Lambda-Provisioned-Concurrency") },
  {
    id: "lambda.provisioned.arm64",
    offer: "AWSLambda",
    per: 1,
    matches: group("AWS-Lambda-Provisioned-Concurrency-ARM"),
  },
  { id: "lambda.ephemeral-storage", offer: "AWSLambda", per: 1, matches: group("AWS-Lambda-Storage-Duration") },
  { id: "apigateway.rest.requests", offer: "AmazonApiGateway", per: MILLION, matches: usage("ApiGatewayRequest") },
  { id: "dynamodb.on-demand.reads", offer: "AmazonDynamoDB", per: MILLION, matches: usage("ReadRequestUnits") },
  { id: "dynamodb.on-demand.writes", offer: "AmazonDynamoDB", per: MILLION, matches: usage("WriteRequestUnits") },
  { id: "dynamodb.provisioned.reads", offer: "AmazonDynamoDB", per: 1, matches: usage("ReadCapacityUnit-Hrs") },
  { id: "dynamodb.provisioned.writes", offer: "AmazonDynamoDB", per: 1, matches: usage("WriteCapacityUnit-Hrs") },
  { id: "dynamodb.storage", offer: "AmazonDynamoDB", per: 1, matches: usage("TimedStorage-ByteHrs") },
  { id: "dynamodb.pitr", offer: "AmazonDynamoDB", per: 1, matches: usage("TimedPITRStorage-ByteHrs") },
  { id: "dynamodb.backup", offer: "AmazonDynamoDB", per: 1, matches: usage("TimedBackupStorage-ByteHrs") },
  { id: "logs.ingestion", offer: "AmazonCloudWatch", per: 1, matches: usage("DataProcessing-Bytes") },
  {
    id: "logs.ingestion.infrequent-access",
    offer: "AmazonCloudWatch",
    per: 1,
    matches: usage("DataProcessingIA-Bytes"),
  },
  { id: "logs.storage", offer: "AmazonCloudWatch", per: 1, matches: usage("TimedStorage-ByteHrs") },
  { id: "cloudwatch.alarm", offer: "AmazonCloudWatch", per: 1, matches: usage("CW:AlarmMonitorUsage") },
  {
    id: "cloudwatch.alarm.high-resolution",
    offer: "AmazonCloudWatch",
    per: 1,
    matches: usage("CW:HighResAlarmMonitorUsage"),
  },
  {
    id: "cloudwatch.alarm.composite",
    offer: "AmazonCloudWatch",
    per: 1,
    matches: usage("CW:CompositeAlarmMonitorUsage"),
  },
  { id: "cloudwatch.metric", offer: "AmazonCloudWatch", per: 1, matches: usage("CW:MetricMonitorUsage") },
  {
    id: "s3.storage.standard",
    offer: "AmazonS3",
    per: 1,
    matches: usage("TimedStorage-ByteHrs", { volumeType: "Standard" }),
  },
  {
    id: "s3.requests.write",
    offer: "AmazonS3",
    per: 1000,
    matches: usage("Requests-Tier1", { group: "S3-API-Tier1" }),
  },
  {
    id: "s3.requests.read",
    offer: "AmazonS3",
    per: 1000,
    matches: usage("Requests-Tier2", { group: "S3-API-Tier2" }),
  },
  { id: "kms.key", offer: "awskms", per: 1, matches: usage("KMS-Keys") },
  { id: "kms.requests", offer: "awskms", per: 10_000, matches: usage("KMS-Requests") },
  { id: "sns.publishes", offer: "AmazonSNS", per: MILLION, matches: usage("Requests-Tier1") },
  {
    id: "sqs.requests",
    offer: "AWSQueueService",
    per: MILLION,
    matches: either(
      usage("Requests-RBP", { queueType: "Standard" }),
      usage("Requests-Tier1", { queueType: "Standard" }),
    ),
  },
  {
    id: "sqs.requests.fifo",
    offer: "AWSQueueService",
    per: MILLION,
    matches: either(usage("Requests-FIFO-RBP"), usage("Requests-FIFO-Tier1")),
  },
  { id: "xray.traces", offer: "AWSXRay", per: MILLION, matches: usage("XRay-TracesStored") },
];
