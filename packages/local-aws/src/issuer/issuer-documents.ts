import { AwsError } from "../core/aws-error.ts";
import { CONTROL_PREFIX } from "../endpoint/control-prefix.ts";
import { type Issuers, TOKEN_ALGORITHM, withoutScheme } from "./issuers.ts";

/**
 * What an issuer publishes, below the control interface: `issuer/HOST/.well-known/openid-configuration` and `issuer/HOST/jwks`. A
 * slash of the issuer's own is percent-encoded in HOST.
 *
 * @param path - of the request, with the control interface's prefix
 * @param endpoint - base URL of local AWS
 * @throws AwsError `NotFound` (404) for an issuer that local AWS does not play, or another document
 * @see https://openid.net/specs/openid-connect-discovery-1_0.html
 */
export function issuerDocument(issuers: Issuers, path: string, endpoint: string): object {
  const [, encoded = "", ...rest] = path.slice(CONTROL_PREFIX.length).split("/");
  const host = withoutScheme(decodeURIComponent(encoded));
  const keys = issuers.keySet(host);
  if (keys === undefined) {
    throw new AwsError(
      "NotFound",
      `Local AWS does not play the issuer '${host}': it does from the first token that is made for it.`,
      { status: 404 },
    );
  }
  switch (rest.join("/")) {
    case "jwks":
      return keys;
    case ".well-known/openid-configuration":
      return {
        issuer: `https://${host}`,
        jwks_uri: `${endpoint}${CONTROL_PREFIX}issuer/${encodeURIComponent(host)}/jwks`,
        response_types_supported: ["id_token"],
        subject_types_supported: ["public"],
        id_token_signing_alg_values_supported: [TOKEN_ALGORITHM],
        scopes_supported: ["openid"],
      };
    default:
      throw new AwsError(
        "NotFound",
        `An issuer has .well-known/openid-configuration and jwks, not ${rest.join("/")}.`,
        {
          status: 404,
        },
      );
  }
}
