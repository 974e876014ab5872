import type { Health } from "@slipway/local-aws";

/** What local AWS says of itself, as documents have it: `version` is that of their own schema there. */
export function healthDocument({ version, ...health }: Health): object {
  return { ...health, localAwsVersion: version };
}
