import { LambdaClient, ListFunctionsCommand, ListTagsCommand } from "@aws-sdk/client-lambda";
import type { ResourceScanner } from "@slipway/release-engine";
import type { ScanContext } from "../scan-context.ts";

/** Functions; their versions and aliases are parts of them. */
export function lambdaFunctions(context: ScanContext): ResourceScanner {
  const lambda = context.client(LambdaClient);
  return {
    type: "lambda-function",
    async list(page) {
      const { Functions = [], NextMarker } = await context.call("lambda:ListFunctions", "the functions", (options) =>
        lambda.send(new ListFunctionsCommand({ Marker: page }), options),
      );
      return {
        items: Functions.map(({ FunctionName: id = "", FunctionArn: arn = "", LastModified }) => ({
          ...{ type: "lambda-function", id, name: id, arn },
          modifiedAt: LastModified === undefined ? undefined : Date.parse(LastModified),
        })),
        next: NextMarker || undefined,
      };
    },
    async describe(resource) {
      const answer = await context.callFor(
        "lambda:ListTags",
        `the function ${resource.id}`,
        ["ResourceNotFoundException"],
        (options) => lambda.send(new ListTagsCommand({ Resource: resource.arn }), options),
      );
      return answer && { ...resource, tags: answer.Tags ?? {} };
    },
  };
}
