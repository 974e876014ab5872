import { AwsError } from "../../core/aws-error.ts";
import type { Operations } from "../../core/service.ts";
import {
  type Iam,
  type IamState,
  mergeTags,
  noSuchEntity,
  type OidcProviderState,
  page,
  required,
  withoutTags,
} from "./iam-state.ts";

/** Operations on OpenID Connect providers (GitHub Actions). */
export function oidcOperations(state: IamState): Operations<Iam> {
  const find = (arn: string | undefined): OidcProviderState => {
    const provider = state.oidcProviders.get(required(arn, "openIDConnectProviderArn"));
    if (provider === undefined) {
      throw noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);
    }
    return provider;
  };
  return {
    CreateOpenIDConnectProvider(input, { accountId }) {
      const url = validUrl(required(input.Url, "url"));
      const arn = `arn:aws:iam::${accountId}:oidc-provider/${url}`;
      if (state.oidcProviders.has(arn)) {
        throw new AwsError("EntityAlreadyExistsException", `Provider with url https://${url} already exists.`);
      }
      const provider: OidcProviderState = {
        arn,
        url,
        clientIds: unique(input.ClientIDList ?? []),
        thumbprints: unique(validThumbprints(input.ThumbprintList ?? [])),
        createdAt: state.now(),
        tags: mergeTags([], input.Tags),
      };
      state.oidcProviders.put(arn, provider);
      return { OpenIDConnectProviderArn: arn, Tags: [...provider.tags] };
    },
    GetOpenIDConnectProvider({ OpenIDConnectProviderArn }) {
      const provider = find(OpenIDConnectProviderArn);
      return {
        Url: provider.url,
        ClientIDList: [...provider.clientIds],
        ThumbprintList: [...provider.thumbprints],
        CreateDate: provider.createdAt,
        Tags: [...provider.tags],
      };
    },
    ListOpenIDConnectProviders: () => ({
      OpenIDConnectProviderList: state.oidcProviders.values().map(({ arn }) => ({ Arn: arn })),
    }),
    UpdateOpenIDConnectProviderThumbprint({ OpenIDConnectProviderArn, ThumbprintList }) {
      const provider = find(OpenIDConnectProviderArn);
      state.oidcProviders.put(provider.arn, {
        ...provider,
        thumbprints: unique(validThumbprints(required(ThumbprintList, "thumbprintList"))),
      });
      return {};
    },
    AddClientIDToOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID }) {
      const provider = find(OpenIDConnectProviderArn);
      state.oidcProviders.put(provider.arn, {
        ...provider,
        clientIds: unique([...provider.clientIds, required(ClientID, "clientID")]),
      });
      return {};
    },
    RemoveClientIDFromOpenIDConnectProvider({ OpenIDConnectProviderArn, ClientID }) {
      const provider = find(OpenIDConnectProviderArn);
      state.oidcProviders.put(provider.arn, {
        ...provider,
        clientIds: provider.clientIds.filter((id) => id !== ClientID),
      });
      return {};
    },
    DeleteOpenIDConnectProvider({ OpenIDConnectProviderArn }) {
      state.oidcProviders.delete(required(OpenIDConnectProviderArn, "openIDConnectProviderArn"));
      return {};
    },
    TagOpenIDConnectProvider(input) {
      const provider = find(input.OpenIDConnectProviderArn);
      state.oidcProviders.put(provider.arn, { ...provider, tags: mergeTags(provider.tags, input.Tags) });
      return {};
    },
    UntagOpenIDConnectProvider(input) {
      const provider = find(input.OpenIDConnectProviderArn);
      state.oidcProviders.put(provider.arn, { ...provider, tags: withoutTags(provider.tags, input.TagKeys) });
      return {};
    },
    ListOpenIDConnectProviderTags(input) {
      const { items, ...rest } = page(find(input.OpenIDConnectProviderArn).tags, input);
      return { Tags: items, ...rest };
    },
  };
}

function validUrl(url: string): string {
  if (!/^https:\/\/[^/?#]+(\/[^?#]*)?$/.test(url)) {
    throw new AwsError("InvalidInputException", `The url ${url} must begin with https:// and have no query.`);
  }
  return url.slice("https://".length).replace(/\/$/, "");
}

function validThumbprints(thumbprints: readonly string[]): readonly string[] {
  const bad = thumbprints.find((thumbprint) => !/^[0-9a-fA-F]{40}$/.test(thumbprint));
  if (bad !== undefined) {
    throw new AwsError("InvalidInputException", `Thumbprint ${bad} must be 40 hexadecimal characters.`);
  }
  return thumbprints;
}

function unique(values: readonly string[]): string[] {
  return [...new Set(values)];
}
