import type { AdoptionNote } from "@slipway/contracts";
import type { DetectedFunction, DetectedRoute } from "./detected.ts";
import { note } from "./note.ts";
import { type EnvironmentFindings, proposedOutputs } from "./propose-config.ts";
import { isHealth } from "./propose-smoke.ts";

/** What a function lacks to be released. */
export function functionNotes(
  each: DetectedFunction,
  { functions, builds }: EnvironmentFindings,
  oddHandler: string | undefined,
): AdoptionNote[] {
  const { name, address, file, alias, outputs } = each;
  const subject = `${address} in ${file}`;
  if (each.isImage) {
    return [
      note(
        "must",
        "function.image",
        subject,
        "its code is a container image, and Slipway releases zips",
        'give it package_type = "Zip", or release it otherwise',
      ),
    ];
  }
  const proposed = proposedOutputs(each);
  const isOfRoot = !address.startsWith("module.");
  const values = {
    functionName: `${address}.function_name`,
    alias: `${alias?.address ?? address.replace("aws_lambda_function", "aws_lambda_alias")}.name`,
    artifactBucket: "the bucket's name",
  };
  const build = builds.get(name);
  return [
    ...(alias === undefined
      ? [
          note(
            "must",
            "function.no-alias",
            subject,
            "it has no alias, so there is nothing that a release could move, and nothing to go back to",
            `add an aws_lambda_alias "live" of it that ignores changes of function_version and routing_config, and let the API call the alias`,
          ),
        ]
      : alias.isLeftAlone
        ? []
        : [
            note(
              "must",
              "alias.applied",
              `${alias.address} in ${alias.file}`,
              "an apply would move it back from where a release has put it",
              "add lifecycle { ignore_changes = [function_version, routing_config] }",
            ),
          ]),
    ...(each.publishes === false
      ? [
          note(
            "must",
            "function.not-published",
            subject,
            "its configuration is not published, so that the alias has no version that would have it",
            "add publish = true",
          ),
        ]
      : []),
    ...(each.publishes === undefined
      ? [
          note(
            "check",
            "function.maybe-published",
            subject,
            "whether its configuration is published is not known here",
            "see that publish is true",
          ),
        ]
      : []),
    ...(each.leavesCode
      ? []
      : [
          note(
            "must",
            "function.code-applied",
            subject,
            "an apply would put its own code over what was released",
            "add lifecycle { ignore_changes = [filename, s3_bucket, s3_key, s3_object_version, source_code_hash] }",
          ),
        ]),
    ...(["functionName", "alias", "artifactBucket"] as const).flatMap((key) =>
      outputs[key] !== undefined
        ? []
        : [
            note(
              "must",
              "output.missing",
              `functions[${functions.indexOf(each)}].outputs.${key}`,
              `no output of the root module gives ${WHAT[key]} of ${name}`,
              isOfRoot && key !== "artifactBucket"
                ? `add output "${proposed[key]}" { value = ${values[key]} }`
                : `add an output ${proposed[key]} with it, or name the one that has it`,
            ),
          ],
    ),
    ...(build === undefined
      ? [
          note(
            "must",
            "build.missing",
            `functions[${functions.indexOf(each)}].build`,
            `no package with a script build is for ${name} by its name`,
            "say where it is built, by what, and which folder holds its code then: directory, build, artifact",
          ),
        ]
      : build.isSure
        ? []
        : [
            note(
              "check",
              "build.guessed",
              `functions[${functions.indexOf(each)}].artifact`,
              `nothing says where the build in ${build.directory} writes to; ${build.artifact} is usual`,
              "see that this folder holds the function's files and nothing else",
            ),
          ]),
    ...(oddHandler === undefined
      ? []
      : [note("must", "function.handler", subject, oddHandler, "let handler and build agree")]),
  ];
}

const WHAT = { functionName: "the name", alias: "the alias", artifactBucket: "the bucket for the code" } as const;

/** What nobody knows of how a function is asked past the gateway. */
export function proofNotes({ name, address }: DetectedFunction, routes: readonly DetectedRoute[]): AdoptionNote[] {
  const own = routes.filter(
    ({ answeredBy, method }) => answeredBy === address && (method === "GET" || method === "ANY"),
  );
  const subject = `functions[${name}].proof`;
  if (own.some(({ path }) => path.includes("{"))) {
    return [
      note(
        "check",
        "proof.guessed",
        subject,
        "it asks for a record that nobody has, and expects 404",
        "change it if your function answers something else",
      ),
    ];
  }
  return own.some(({ path }) => isHealth(path))
    ? []
    : [
        note(
          "must",
          "proof.missing",
          subject,
          "how it is asked past the gateway is not known, and a release pauses before it has traffic",
          "add proof: { invocations: [{ name, payload, expect: { jsonSubset } }] }",
        ),
      ];
}
