import { DescribeKeyCommand, KMSClient, ListKeysCommand, ListResourceTagsCommand, type Tag } from "@aws-sdk/client-kms";
import type { ResourceScanner } from "@slipway/release-engine";
import { type ScanContext, tagRecord } from "../scan-context.ts";

const gone = ["NotFoundException"];
const pageSize = 1000;

/** Keys, those of AWS too: only a closer look tells them apart. */
export function kmsKeys(context: ScanContext): ResourceScanner {
  const kms = context.client(KMSClient);

  async function tagsOf(id: string): Promise<Record<string, string> | undefined> {
    const tags: Tag[] = [];
    let marker: string | undefined;
    do {
      const answer = await context.callFor("kms:ListResourceTags", `the key ${id}`, gone, (options) =>
        kms.send(new ListResourceTagsCommand({ KeyId: id, Marker: marker }), options),
      );
      if (answer === undefined) {
        return undefined;
      }
      tags.push(...(answer.Tags ?? []));
      marker = answer.NextMarker;
    } while (marker !== undefined);
    return tagRecord(tags);
  }

  return {
    type: "kms-key",
    async list(page) {
      const { Keys = [], NextMarker } = await context.call("kms:ListKeys", "the keys", (options) =>
        kms.send(new ListKeysCommand({ Marker: page, Limit: pageSize }), options),
      );
      return {
        items: Keys.map(({ KeyId: id = "", KeyArn: arn = "" }) => ({ type: "kms-key", id, name: id, arn })),
        next: NextMarker,
      };
    },
    async describe(resource) {
      const answer = await context.callFor("kms:DescribeKey", `the key ${resource.id}`, gone, (options) =>
        kms.send(new DescribeKeyCommand({ KeyId: resource.id }), options),
      );
      const key = answer?.KeyMetadata;
      if (key === undefined) {
        return undefined;
      }
      if (key.KeyManager === "AWS") {
        // Its tags may not be asked for, and are nobody's business.
        return { ...resource, awsOwned: "a key that AWS manages" };
      }
      const tags = await tagsOf(resource.id);
      const isLeaving = key.KeyState === "PendingDeletion" || key.KeyState === "PendingReplicaDeletion";
      return (
        tags && {
          ...resource,
          tags,
          createdAt: key.CreationDate?.getTime(),
          leaving: isLeaving
            ? `scheduled for deletion${key.DeletionDate === undefined ? "" : ` on ${key.DeletionDate.toISOString().slice(0, 10)}`}`
            : undefined,
          use:
            key.KeyState === "Disabled"
              ? { verdict: "idle", why: "it is disabled" }
              : { verdict: "unknown", why: "KMS does not say when a key was used; CloudTrail does" },
        }
      );
    },
  };
}
