import { DescribeKeyCommand, KMSClient, paginateListKeyRotations } from "@aws-sdk/client-kms";
import type { KeyUsage, Measured, ResourceUsage } from "@slipway/analysis";
import type { StateResource } from "@slipway/release-engine";
import { missing, unreadable } from "./resource-facts.ts";
import type { UsageContext } from "./usage-context.ts";

const DAY_MS = 86_400_000;
/** KMS rotates no key more often by itself. https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html */
const SHORTEST_ROTATION_DAYS = 90;

/**
 * Sees a customer managed key and how often it was rotated.
 *
 * @param aliases the state's names for keys, by key id: an id alone says nothing to people
 */
export async function observeKey(
  context: UsageContext,
  resource: StateResource,
  aliases: ReadonlyMap<string, string>,
): Promise<ResourceUsage> {
  const id = resource.arn ?? resource.id ?? "";
  const name = aliases.get(resource.id ?? "") ?? resource.id ?? resource.name;
  const facts = { address: resource.address, type: resource.type, name };
  const kms = context.aws.client(KMSClient);
  const found = await context.ask("kms:DescribeKey", `the key ${facts.name}`, (options) =>
    kms.send(new DescribeKeyCommand({ KeyId: id }), options),
  );
  if (found.kind !== "answer" || found.value.KeyMetadata === undefined) {
    return found.kind === "failed" ? unreadable(facts, found.why) : missing(facts);
  }
  const { CreationDate, KeyState, Enabled } = found.value.KeyMetadata;
  const age = context.window.to - (CreationDate?.getTime() ?? context.window.from);
  return {
    kind: "key",
    ...facts,
    createdAt: CreationDate?.getTime(),
    state: /PendingDeletion|PendingReplicaDeletion/.test(KeyState ?? "")
      ? "pending-deletion"
      : Enabled === true
        ? "enabled"
        : "disabled",
    rotations: age < SHORTEST_ROTATION_DAYS * DAY_MS ? { value: 0 } : await rotationsOf(context, id),
  } satisfies KeyUsage;
}

async function rotationsOf(context: UsageContext, id: string): Promise<Measured> {
  const kms = context.aws.client(KMSClient);
  const answer = await context.ask("kms:ListKeyRotations", `the key ${id}`, async (options) => {
    let count = 0;
    for await (const page of paginateListKeyRotations({ client: kms }, { KeyId: id }, options)) {
      count += page.Rotations?.length ?? 0;
    }
    return count;
  });
  return context.measure(answer, (count) => count, "KMS does not say");
}
