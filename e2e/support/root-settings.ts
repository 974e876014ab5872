import { ROOT_ACCESS_KEY_ID, ROOT_SECRET_ACCESS_KEY } from "@slipway/local-aws";
import type { ClientSettings } from "./local-aws-process.ts";

/** Settings of clients that work as root on a local AWS. */
export function rootSettings(endpoint: string): ClientSettings {
  const credentials = { accessKeyId: ROOT_ACCESS_KEY_ID, secretAccessKey: ROOT_SECRET_ACCESS_KEY };
  return { region: "us-east-1", endpoint, credentials };
}
