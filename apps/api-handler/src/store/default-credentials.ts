import { fromEnv } from "@aws-sdk/credential-provider-env";

/**
 * Stands in the bundle in place of `@aws-sdk/credential-provider-node`, and under the name that the SDK asks for: Lambda puts the role's
 * credentials into the environment, always. The SDK's own chain also knows profiles, single sign-on, web identities, containers and
 * instances; a function never gets that far in it, and would load 130 KB for it (docs/decisions/0013-a-light-handler.md).
 */
export const defaultProvider = fromEnv;
