import type { ServiceCoverage } from "@slipway/local-aws";
import { wrapText } from "../src/costs/wrap-text.ts";
import { AWS_CLI_NAMES } from "./aws-cli-names.ts";

/** Where {@link localAwsReference} is kept, from the repository's root. */
export const LOCAL_AWS_REFERENCE = "docs/reference/local-aws.md";

/** What `slipway local coverage` says, as a page: what may be typed there of the AWS CLI. */
export function localAwsReference(coverage: readonly ServiceCoverage[]): string {
  const sections = coverage.map(({ service, implemented, missing }) =>
    [
      `## ${service}`,
      "",
      `Has ${implemented.length}, refuses ${missing.length}.${AWS_CLI_NAMES[service] === undefined ? "" : ` The AWS CLI calls it \`${AWS_CLI_NAMES[service]}\`.`}`,
      "",
      "```text",
      ...wrapText([...implemented].join(" "), 120, ""),
      "```",
      "",
    ].join("\n"),
  );
  return `<!-- Made by \`npm run docs\`; a test says when it is out of date. -->

# What local AWS has

The operations of AWS that local AWS answers, by service. Every other one is refused at once, by name. The local AWS that runs says the same:
\`slipway local coverage\`, and of one service with what it refuses \`slipway local coverage SERVICE\`.

${sections.join("\n")}`;
}
