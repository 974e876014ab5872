import { describe, expect, it } from "vitest";
import { findBlocks, textAttribute } from "./find-blocks.ts";

const source = `
# provider "aws" { alias = "comment" }
// provider "aws" {
/* provider "aws" {
*/
provider "aws" {
  region = "eu-\${var.zone == "}" ? "a" : "b"}-1" # } not the end
  default_tags {
    tags = { alias = "not-this" }
  }
  alias = "west"
}

variable "text" {
  default = <<-EOT
    provider "aws" {
      alias = "heredoc"
  EOT
}
locals {
  values = { "a" = "\\"{" }
}
terraform {
  backend "s3" {}
  required_providers { aws = { source = "hashicorp/aws" } }
}
`;

describe("findBlocks", () => {
  it("finds the outermost blocks, and nothing in comments, texts and heredocs", () => {
    expect(findBlocks(source).map(({ type, labels }) => [type, ...labels])).toEqual([
      ["provider", "aws"],
      ["variable", "text"],
      ["locals"],
      ["terraform"],
    ]);
  });

  it("gives bodies that can be searched again", () => {
    const [provider, , , terraform] = findBlocks(source);

    expect(textAttribute(provider?.body ?? "", "alias")).toBe("west");
    expect(textAttribute(provider?.body ?? "", "profile")).toBeUndefined();
    expect(findBlocks(terraform?.body ?? "").map(({ type, labels }) => [type, ...labels])).toEqual([
      ["backend", "s3"],
      ["required_providers"],
    ]);
  });

  it("survives source that is cut off", () => {
    for (let end = 0; end < source.length; end += 1) {
      expect(findBlocks(source.slice(0, end)).length).toBeLessThanOrEqual(4);
    }
  });
});
