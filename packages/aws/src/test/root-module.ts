import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { applyInfrastructure } from "@slipway/release-engine";
import { ManualClock, RecordingProgress, type TemporaryFolder } from "@slipway/testing";
import { TerraformCli, type TerraformCliOptions } from "../terraform/terraform-cli.ts";
import { findTerraform } from "./find-terraform.ts";

const { PATH, HOME } = process.env;

/** What a test's Terraform is started with. */
export const terraformOptions = { binary: findTerraform(), env: { PATH, HOME } };

/** Only what is built into Terraform: no provider, no network. */
export const greeting = `
terraform {
  required_version = ">= 1.11"
}
variable "greeting" {
  type = string
}
variable "labels" {
  type    = map(string)
  default = {}
}
variable "password" {
  type      = string
  sensitive = true
  default   = "hush"
}
resource "terraform_data" "greeting" {
  input = var.greeting
}
resource "terraform_data" "replaced" {
  input            = var.password
  triggers_replace = [var.greeting]
}
output "greeting" {
  value = terraform_data.greeting.output
}
output "labels" {
  value = var.labels
}
output "password" {
  value     = var.password
  sensitive = true
}
`;

/** One root module in a folder, and what is done with it. */
export function arrangeRoot(folder: TemporaryFolder, source: string, options: Partial<TerraformCliOptions> = {}) {
  const directory = join(folder.path, "root");
  mkdirSync(directory);
  writeFileSync(join(directory, "main.tf"), source);
  const planFile = join(folder.path, "plans/root.tfplan");
  const progress = new RecordingProgress();
  const terraform = new TerraformCli({ ...terraformOptions, ...options });
  const clock = new ManualClock();
  return {
    ...{ directory, planFile, progress, terraform },
    write: (name: string, text: string) => writeFileSync(join(directory, name), text),
    apply: (request: { variables?: Record<string, string | Record<string, string>>; signal?: AbortSignal } = {}) =>
      applyInfrastructure({ terraform, clock, progress }, { phase: "root", directory, planFile, ...request }),
  };
}

/** The names of the resources in its state. */
export function namesInState(directory: string): string[] {
  const state: { resources: { name: string }[] } = JSON.parse(
    readFileSync(join(directory, "terraform.tfstate"), "utf8"),
  );
  return state.resources.map(({ name }) => name);
}
