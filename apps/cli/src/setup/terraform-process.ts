import type { SetupRecord } from "../../../../scripts/setup/setup-record.mjs";
import { terraformEnv as cleanTerraformEnv } from "../../../../scripts/setup/terraform-env.mjs";

/**
 * The environment for every Terraform child process: without a `TF_CLI_CONFIG_FILE` that names a missing file, without
 * Terraform's own version check, and without questions.
 *
 * @see https://developer.hashicorp.com/terraform/cli/config/environment-variables
 */
export function terraformEnv(env: NodeJS.ProcessEnv): Record<string, string> {
  return cleanTerraformEnv(env);
}

/**
 * The arguments that `terraform init` needs to find the AWS provider where set-up found it; none where the user's own
 * Terraform configuration says where it comes from.
 *
 * @see https://developer.hashicorp.com/terraform/cli/commands/init#plugin-installation
 */
export function terraformInitArguments(setup: Pick<SetupRecord, "provider">): string[] {
  return setup.provider.source === "mirror" ? [`-plugin-dir=${setup.provider.dir}`] : [];
}
