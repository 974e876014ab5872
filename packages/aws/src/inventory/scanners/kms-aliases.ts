import { KMSClient, ListAliasesCommand } from "@aws-sdk/client-kms";
import type { ResourceScanner } from "@slipway/release-engine";
import type { ScanContext } from "../scan-context.ts";

const pageSize = 100;

/** Names of keys. */
export function kmsAliases(context: ScanContext): ResourceScanner {
  const kms = context.client(KMSClient);
  return {
    type: "kms-alias",
    async list(page) {
      const { Aliases = [], NextMarker } = await context.call("kms:ListAliases", "the aliases of keys", (options) =>
        kms.send(new ListAliasesCommand({ Marker: page, Limit: pageSize }), options),
      );
      return {
        items: Aliases.map(({ AliasName: id = "", AliasArn: arn = "", TargetKeyId, CreationDate }) => ({
          ...{ type: "kms-alias", id, name: id, arn, createdAt: CreationDate?.getTime() },
          awsOwned: id.startsWith("alias/aws/") ? "the name of a key that AWS manages" : undefined,
          parent: TargetKeyId === undefined ? undefined : { type: "kms-key", id: TargetKeyId },
        })),
        next: NextMarker,
      };
    },
    // The listing says everything; aliases have no tags.
    describe: async (resource) => resource,
  };
}
