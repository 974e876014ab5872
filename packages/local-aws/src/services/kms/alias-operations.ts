import type { AliasListEntry } from "@aws-sdk/client-kms";
import { AwsError } from "../../core/aws-error.ts";
import type { AliasRecord, KmsOperations, KmsState } from "./kms-state.ts";
import { pageOf } from "./pages.ts";

/** Names for keys. */
export function aliasOperations(state: KmsState) {
  const find = (name: string): AliasRecord => {
    const alias = state.aliases.get(name);
    if (alias === undefined) {
      throw new AwsError("NotFoundException", `Alias ${state.aliasArn(name)} is not found.`);
    }
    return alias;
  };

  return {
    CreateAlias(input) {
      const name = checkedName(input.AliasName);
      const key = state.changeableKey(input.TargetKeyId);
      if (state.aliases.has(name)) {
        throw new AwsError("AlreadyExistsException", `An alias with the name ${state.aliasArn(name)} already exists`);
      }
      const now = state.now();
      state.aliases.put(name, { name, keyId: key.id, createdAt: now, updatedAt: now });
      return {};
    },

    UpdateAlias(input) {
      const name = checkedName(input.AliasName);
      const key = state.changeableKey(input.TargetKeyId);
      state.aliases.put(name, { ...find(name), keyId: key.id, updatedAt: state.now() });
      return {};
    },

    DeleteAlias(input) {
      const { name } = find(checkedName(input.AliasName));
      state.aliases.delete(name);
      return {};
    },

    ListAliases(input) {
      const keyId = input.KeyId === undefined ? undefined : state.keyById(input.KeyId).id;
      const matching = state.aliases.values().filter((alias) => keyId === undefined || alias.keyId === keyId);
      const { items, members } = pageOf(matching, { Limit: 50, ...input });
      return {
        Aliases: items.map(
          ({ name, keyId: target, createdAt, updatedAt }): AliasListEntry => ({
            AliasName: name,
            AliasArn: state.aliasArn(name),
            TargetKeyId: target,
            CreationDate: createdAt,
            LastUpdatedDate: updatedAt,
          }),
        ),
        ...members,
      };
    },
  } satisfies KmsOperations;
}

function checkedName(name: string | undefined): string {
  if (name === undefined || name.length > 256 || !/^alias\/[a-zA-Z0-9/_-]+$/.test(name)) {
    throw new AwsError(
      name?.startsWith("alias/") === true ? "InvalidAliasNameException" : "ValidationException",
      'Alias must start with the prefix "alias/" and contain only alphanumeric characters, forward slashes, underscores and dashes. Please see http://docs.aws.amazon.com/kms/latest/developerguide/programming-aliases.html',
    );
  }
  if (name.startsWith("alias/aws/")) {
    throw new AwsError(
      "NotAuthorizedException",
      `${name} is reserved: only AWS makes aliases that begin with alias/aws/.`,
    );
  }
  return name;
}
