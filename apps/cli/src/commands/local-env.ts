import { DEFAULT_REGION } from "@slipway/local-aws";
import type { Command, CommandIo } from "../command.ts";
import { type LocalOptions, PORT_OPTION, portOf, REGION_OPTION } from "../local/local-instance.ts";
import { localEnvironment } from "../target/local-environment.ts";

/** `slipway local env`: shell exports, for `eval`. */
export const localEnv: Command = {
  name: "local env",
  summary: "print the shell exports that point AWS CLI, SDKs and Terraform at local AWS",
  options: [PORT_OPTION, REGION_OPTION],
  examples: ['eval "$(npx slipway local env)"'],
  async run(options: LocalOptions, io: CommandIo): Promise<number> {
    const variables = localEnvironment(`http://127.0.0.1:${portOf(options, io.env)}`, options.region ?? DEFAULT_REGION);
    for (const [name, value] of Object.entries(variables)) {
      // An empty token would still be sent; a profile of the user's own would win over nothing.
      io.stdout.write(value === "" ? `unset ${name}\n` : `export ${name}=${value}\n`);
    }
    io.stdout.write("unset AWS_PROFILE\n");
    // AWS CLI reads AWS_ENDPOINT_URL from version 2.13 on; Debian's is older, and would talk to the real AWS.
    io.stdout.write('aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }\n');
    return 0;
  },
};
