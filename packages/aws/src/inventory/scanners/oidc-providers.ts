import { GetOpenIDConnectProviderCommand, IAMClient, ListOpenIDConnectProvidersCommand } from "@aws-sdk/client-iam";
import type { ResourceScanner } from "@slipway/release-engine";
import { type ScanContext, tagRecord } from "../scan-context.ts";

/** OpenID Connect providers, such as GitHub Actions: who may assume roles from outside. */
export function oidcProviders(context: ScanContext): ResourceScanner {
  const iam = context.client(IAMClient);
  return {
    type: "oidc-provider",
    // AWS gives all of them at once: an account has a hundred at most.
    async list() {
      const { OpenIDConnectProviderList = [] } = await context.call(
        "iam:ListOpenIDConnectProviders",
        "the OpenID Connect providers",
        (options) => iam.send(new ListOpenIDConnectProvidersCommand(), options),
      );
      return {
        items: OpenIDConnectProviderList.map(({ Arn: arn = "" }) => ({
          ...{ type: "oidc-provider", id: arn, arn, name: arn.replace(/^.*?:oidc-provider\//, "") },
        })),
      };
    },
    async describe(resource) {
      const provider = await context.callFor(
        "iam:GetOpenIDConnectProvider",
        resource.name,
        ["NoSuchEntityException", "NoSuchEntity"],
        (options) => iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn: resource.id }), options),
      );
      return provider && { ...resource, tags: tagRecord(provider.Tags), createdAt: provider.CreateDate?.getTime() };
    },
  };
}
