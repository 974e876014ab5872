import type { AdoptionNote } from "@slipway/contracts";
import { instancesOf } from "./detect-functions.ts";
import type { DetectedRepository } from "./detect-repository.ts";
import { note } from "./note.ts";
import { insideOf } from "./propose-config.ts";
import { mentions, refersTo } from "./refers-to.ts";

/** Where an example of a small bootstrap is. */
const GUIDE = "docs/adoption.md has one to copy";

/** What is missing before the first release, and around Terraform's roots. */
export function bootstrapNotes(repository: DetectedRepository): AdoptionNote[] {
  return [
    ...beforeNotes(repository),
    ...rootNotes(repository),
    ...bucketNotes(repository),
    ...repositoryNotes(repository),
  ];
}

function beforeNotes(repository: DetectedRepository): AdoptionNote[] {
  const { bootstrap } = repository.layout;
  const { bootstrap: directory } = insideOf(repository);
  if (bootstrap === undefined) {
    return [
      note(
        "must",
        "bootstrap.none",
        directory,
        "no root module makes what a release needs before it: a bucket for states, and the ledger's table",
        `make one there: ${GUIDE}`,
      ),
    ];
  }
  const { stateBucket, ledgerTable, roleArns, hasOidcProvider } = bootstrap;
  return [
    ...(stateBucket === undefined
      ? [
          note(
            "must",
            "bootstrap.no-state-bucket",
            directory,
            "it makes no bucket for Terraform's states",
            `add a versioned bucket, and an output with its name: ${GUIDE}`,
          ),
        ]
      : stateBucket.output === undefined
        ? [
            note(
              "must",
              "output.missing",
              "bootstrap.outputs.stateBucket",
              `no output of ${directory} gives the name of the bucket for states`,
              'add output "state_bucket_name"',
            ),
          ]
        : []),
    ...(ledgerTable === undefined
      ? [
          note(
            "must",
            "bootstrap.no-ledger",
            directory,
            "it makes no table for the history of releases",
            `add a table with the keys environment (S) and sequence (N), and an output with its name: ${GUIDE}`,
          ),
        ]
      : ledgerTable.output === undefined
        ? [
            note(
              "must",
              "output.missing",
              "bootstrap.outputs.ledgerTable",
              `no output of ${directory} gives the name of the ledger's table`,
              'add output "ledger_table_name"',
            ),
          ]
        : []),
    ...(stateBucket !== undefined && stateBucket.name === undefined
      ? [
          note(
            "must",
            "bootstrap.bucket-name",
            "bootstrap.state.bucket",
            "what the bucket for states is called on AWS is not known here",
            "add bootstrap: { state: { bucket: ... } } before you release to AWS; a rehearsal does not need it",
          ),
        ]
      : []),
    ...(ledgerTable !== undefined && ledgerTable.name === undefined
      ? [
          note(
            "must",
            "bootstrap.table-name",
            "bootstrap.ledger.table",
            "what the ledger's table is called on AWS is not known here",
            "add bootstrap: { ledger: { table: ... } } before you release to AWS; a rehearsal does not need it",
          ),
        ]
      : []),
    ...(hasOidcProvider && roleArns !== undefined
      ? []
      : [
          note(
            "should",
            "bootstrap.no-roles",
            directory,
            "there are no roles for releases, which workflows assume with GitHub's tokens: whoever releases does it with all of their own rights",
            "see infrastructure/bootstrap of Slipway for aws_iam_openid_connect_provider and roles by purpose, and name their output in bootstrap.outputs.roleArns",
          ),
        ]),
  ];
}

function rootNotes({ layout, environments }: DetectedRepository): AdoptionNote[] {
  const { backend, by, others, usesWorkspaces } = layout;
  const primary = environments.at(-1)?.environment;
  const directory = primary?.module.directory ?? "";
  const keys = new Set(environments.map(({ environment }) => environment.stateKey));
  return [
    ...(backend === undefined
      ? [
          note(
            "must",
            "backend.none",
            directory,
            "it keeps its state in a file of whoever applies it",
            'add terraform { backend "s3" { use_lockfile = true } }; Slipway says which bucket and key',
          ),
        ]
      : backend === "s3"
        ? []
        : [
            note(
              "must",
              "backend.other",
              directory,
              `it keeps its state in the backend "${backend}", and Slipway works with "s3"`,
              'use backend "s3", and move the state with terraform init -migrate-state',
            ),
          ]),
    ...(usesWorkspaces
      ? [
          note(
            "must",
            "environments.workspaces",
            directory,
            "it asks which workspace it is in, and Slipway keeps environments apart by a state's key and variables",
            "replace terraform.workspace by a variable, and move each state to the key that the configuration names",
          ),
        ]
      : []),
    ...(by === "nothing"
      ? [
          note(
            "check",
            "environments.guessed",
            "environments",
            "nothing says which environments there are; one was taken, and called prod",
            "rename it, or add a file ENVIRONMENT.tfvars for each and run slipway init again",
          ),
        ]
      : []),
    ...(environments.length > 1 && keys.size < environments.length
      ? [
          note(
            "must",
            "state.one-key",
            "terraform.stateKey",
            `environments share the state ${[...keys].join(", ")}, because the key stands in the backend's block`,
            "take the key out of the block, and give each environment one of its own",
          ),
        ]
      : []),
    ...(primary?.stateKeyFrom === "nowhere"
      ? [
          note(
            "check",
            "state.key",
            "terraform.stateKey",
            `nothing says where states lie; ${primary.stateKey} was taken`,
            "if there is one already, name its key",
          ),
        ]
      : []),
    ...environments.flatMap(({ environment: { name, without } }) =>
      without.length === 0
        ? []
        : [
            note(
              "must",
              "variables.missing",
              `environments.${name}.terraform`,
              `nothing gives a value to ${without.join(", ")}`,
              "add them to terraform.variables, or to a file in terraform.variableFiles",
            ),
          ],
    ),
    ...others.map((each) =>
      note(
        "check",
        "terraform.another",
        each,
        "it makes functions too, and is left out: a configuration is for one service",
        "run slipway init in a repository or folder of its own for it, or name it instead",
      ),
    ),
    ...(primary?.module.elsewhere ?? []).map((source) =>
      note(
        "check",
        "terraform.elsewhere",
        source,
        "this module is not in the repository, and is not looked into",
        "look for functions, tables and APIs in it yourself",
      ),
    ),
  ];
}

/** Plain HTTP to a bucket is what the checklist's line about HTTPS does not let pass. */
function bucketNotes({ environments }: DetectedRepository): AdoptionNote[] {
  const module = environments.at(-1)?.environment.module;
  if (module === undefined) {
    return [];
  }
  const policies = instancesOf(module, "aws_s3_bucket_policy");
  return instancesOf(module, "aws_s3_bucket")
    .filter(
      (bucket) =>
        !policies.some(
          (policy) =>
            refersTo(policy.argument("bucket"), bucket, ["id", "bucket"]) ||
            mentions(policy.argument("bucket"), bucket),
        ),
    )
    .map(({ resource }) =>
      note(
        "must",
        "bucket.no-tls",
        `${resource.address} in ${resource.file}`,
        "nothing refuses plain HTTP, which stops the checklist of every release after the first",
        "add aws_s3_bucket_policy that denies s3:* where aws:SecureTransport is false",
      ),
    );
}

function repositoryNotes({ github, layout }: DetectedRepository): AdoptionNote[] {
  return [
    ...(layout.region === undefined
      ? [
          note(
            "check",
            "region.guessed",
            "region",
            'the provider "aws" does not say its Region here; us-east-1 was taken',
            "change region, if it is another one",
          ),
        ]
      : []),
    ...(github === undefined
      ? [
          note(
            "check",
            "github.unknown",
            "github",
            "git knows no remote on GitHub",
            'add github: { repository: "owner/name" }, if that is where your workflows run',
          ),
        ]
      : []),
  ];
}
