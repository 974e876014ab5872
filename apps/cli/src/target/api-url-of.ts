import { apiUrlAt } from "@slipway/aws";

/** What says where an API is: the environment's Terraform outputs, and which of them it is. */
export interface ApiOutputs {
  readonly outputs: Readonly<Record<string, unknown>>;
  /** `api.urlOutput` of the environment's configuration. */
  readonly urlOutput: string;
  /** Where another AWS than Amazon's is: it answers for the address that Terraform has been told. */
  readonly endpoint: string | undefined;
}

/** Where an environment's API answers, without a slash at its end; undefined where its outputs do not say so. */
export function apiUrlOf({ outputs, urlOutput, endpoint }: ApiOutputs): string | undefined {
  const url = outputs[urlOutput];
  if (typeof url !== "string" || !URL.canParse(url)) {
    return undefined;
  }
  return endpoint === undefined ? url.replace(/\/+$/, "") : apiUrlAt(url, endpoint);
}
