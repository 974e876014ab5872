// Every version that set-up insists on or fetches, in one place. This file and everything under scripts/ runs on the
// system's Node before anything is installed: no dependency, no syntax newer than Node 20 reads
// (require-node.mjs checks that, and holds its own number).

/** The Node major that runs everything else: the Lambda runtime nodejs22.x, installed by the npm package `node`. */
export const runtimeNodeMajor = 22;

/** The oldest Terraform that will do: the S3 backend's `use_lockfile` is stable from 1.11 on. */
export const minimumTerraform = "1.11.0";

/** The Terraform that is fetched where none is found: the release that the tests of this repository run on. */
export const fetchedTerraform = "1.11.4";

/** The AWS provider, as its source address, and the versions that `~> 5.100` admits. */
export const awsProvider = {
  host: "registry.terraform.io",
  namespace: "hashicorp",
  type: "aws",
  constraint: "~> 5.100",
  minimum: "5.100.0",
  below: "6.0.0",
};
