import { HeadBucketCommand, ListBucketsCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import type { BucketUsage, Measured, ResourceUsage } from "@slipway/analysis";
import type { StateResource } from "@slipway/release-engine";
import { missing, textIn, unreadable } from "./resource-facts.ts";
import type { UsageContext } from "./usage-context.ts";

const DAY_MS = 86_400_000;
const DAY_SECONDS = 86_400;
/** S3 measures its buckets once a day, and is a day or two late. */
const STORAGE_DAYS = 3;
const STANDARD = "StandardStorage";
/** A bucket that S3 has not measured is listed, as long as that is a few calls. */
const LISTED_PAGES = 10;
/** The name that the console gives to request metrics of a whole bucket. */
const WHOLE_BUCKET = "EntireBucket";

const WRITES = ["PutRequests", "PostRequests", "ListRequests"];
const READS = ["GetRequests", "HeadRequests", "SelectRequests"];

/** Sees what a bucket holds, and its requests where its request metrics are on. */
export async function observeBucket(context: UsageContext, resource: StateResource): Promise<ResourceUsage> {
  const name = textIn(resource, "bucket") ?? resource.id ?? resource.name;
  const facts = { address: resource.address, type: resource.type, name };
  const s3 = context.aws.client(S3Client);
  const found = await context.ask("s3:ListBucket", `the bucket ${name}`, (options) =>
    s3.send(new HeadBucketCommand({ Bucket: name }), options),
  );
  if (found.kind !== "answer") {
    return found.kind === "missing" ? missing(facts) : unreadable(facts, found.why);
  }
  const [createdAt, storage, [writeRequests, readRequests]] = await Promise.all([
    createdAtOf(context, name),
    storageOf(context, name),
    requestsOf(context, name),
  ]);
  return {
    kind: "bucket",
    ...facts,
    createdAt,
    ...storage,
    writeRequests: writeRequests ?? { unknown: "it was not asked for" },
    readRequests: readRequests ?? { unknown: "it was not asked for" },
  } satisfies BucketUsage;
}

async function createdAtOf(context: UsageContext, name: string): Promise<number | undefined> {
  const s3 = context.aws.client(S3Client);
  const answer = await context.ask("s3:ListAllMyBuckets", `the bucket ${name}`, async (options) => {
    let token: string | undefined;
    do {
      const page = await s3.send(new ListBucketsCommand({ Prefix: name, ContinuationToken: token }), options);
      const bucket = page.Buckets?.find(({ Name }) => Name === name);
      if (bucket !== undefined) {
        return bucket.CreationDate?.getTime();
      }
      token = page.ContinuationToken;
    } while (token !== undefined);
    return undefined;
  });
  return answer.kind === "answer" ? answer.value : undefined;
}

async function storageOf(
  context: UsageContext,
  name: string,
): Promise<{ standardBytes: Measured; otherStorage: string[] }> {
  const listed = await context.metrics.list({
    namespace: "AWS/S3",
    name: "BucketSizeBytes",
    dimensions: { BucketName: name },
  });
  if (listed.kind === "failed") {
    return { standardBytes: { unknown: listed.why }, otherStorage: [] };
  }
  const metrics = listed.kind === "answer" ? listed.value : [];
  const types = metrics.flatMap(
    ({ Dimensions = [] }) => Dimensions.find((dimension) => dimension.Name === "StorageType")?.Value ?? [],
  );
  const series = await context.metrics.series(
    types.map((StorageType) => ({
      namespace: "AWS/S3",
      name: "BucketSizeBytes",
      dimensions: { BucketName: name, StorageType },
      statistic: "Average" as const,
    })),
    DAY_SECONDS,
    Math.max(context.window.from, context.window.to - STORAGE_DAYS * DAY_MS),
  );
  const latest = new Map(
    types.map((type, index) => {
      const each = series[index];
      return [type, each !== undefined && "points" in each ? each.points.at(-1)?.sum : undefined];
    }),
  );
  const standard = latest.get(STANDARD);
  return {
    standardBytes: standard === undefined ? await listedBytes(context, name) : { value: standard },
    otherStorage: types.filter((type) => type !== STANDARD && latest.get(type) !== 0),
  };
}

/** The size of all versions in a bucket that S3 has not measured yet. */
async function listedBytes(context: UsageContext, name: string): Promise<Measured> {
  const s3 = context.aws.client(S3Client);
  const answer = await context.ask("s3:ListBucketVersions", `the bucket ${name}`, async (options) => {
    let bytes = 0;
    let from: { KeyMarker?: string; VersionIdMarker?: string } = {};
    for (let pages = 0; pages < LISTED_PAGES; pages += 1) {
      const page = await s3.send(new ListObjectVersionsCommand({ Bucket: name, ...from }), options);
      bytes += (page.Versions ?? [])
        .filter(({ StorageClass = "STANDARD" }) => StorageClass === "STANDARD")
        .reduce((sum, { Size = 0 }) => sum + Size, 0);
      if (page.IsTruncated !== true) {
        return bytes;
      }
      from = { KeyMarker: page.NextKeyMarker, VersionIdMarker: page.NextVersionIdMarker };
    }
    return undefined;
  });
  return context.measure(
    answer,
    (bytes) => bytes,
    "S3 has not measured the bucket yet, and it holds too many objects to list them",
  );
}

async function requestsOf(context: UsageContext, name: string): Promise<Measured[]> {
  const dimensions = { BucketName: name, FilterId: WHOLE_BUCKET };
  const on = await context.metrics.list({ namespace: "AWS/S3", name: "AllRequests", dimensions });
  if (on.kind !== "answer" || on.value.length === 0) {
    const unknown = on.kind === "failed" ? on.why : "S3 counts requests only where request metrics are switched on";
    return [{ unknown }, { unknown }];
  }
  const questions = [...WRITES, ...READS].map((metric) => ({ namespace: "AWS/S3", name: metric, dimensions }));
  const sums = await context.metrics.sums(questions);
  return [addAll(sums.slice(0, WRITES.length)), addAll(sums.slice(WRITES.length))];
}

function addAll(sums: readonly Measured[]): Measured {
  let total = 0;
  for (const each of sums) {
    if ("unknown" in each) {
      return each;
    }
    total += each.value;
  }
  return { value: total };
}
