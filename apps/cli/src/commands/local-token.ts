import { AWS_AUDIENCE, type GithubJob } from "@slipway/local-aws";
import { type Command, type CommandIo, OUTPUT_OPTION } from "../command.ts";
import { ControlClient } from "../local/control-client.ts";
import { type LocalOptions, PORT_OPTION, portOf } from "../local/local-instance.ts";
import { parseDuration } from "../parse-duration.ts";
import { UserError } from "../user-error.ts";

interface TokenOptions extends LocalOptions {
  readonly repository?: string;
  readonly ref?: string;
  readonly environment?: string;
  readonly event?: string;
  readonly workflow?: string;
  readonly actor?: string;
  readonly audience?: string;
  readonly lifetime?: string;
  readonly immutableSubject?: boolean;
  readonly ownerId?: string;
  readonly repositoryId?: string;
}

/** `slipway local token`: what a job of GitHub Actions would show to AWS. */
export const localToken: Command = {
  name: "local token",
  summary: "print a token as GitHub Actions gives it to a job, signed by local AWS's test issuer",
  options: [
    { flags: "--repository <owner/name>", description: "repository of the job" },
    { flags: "--ref <ref>", description: "branch or tag of the job (default: refs/heads/main)" },
    { flags: "--environment <name>", description: "GitHub environment of the job" },
    { flags: "--event <name>", description: "what started the job, like push or pull_request", default: "push" },
    { flags: "--workflow <file>", description: "workflow file (default: .github/workflows/release.yml)" },
    { flags: "--actor <login>", description: "who started the job (default: the repository's owner)" },
    { flags: "--audience <audience>", description: "whom the token is for", default: AWS_AUDIENCE },
    { flags: "--lifetime <duration>", description: "how long it is good, like 5m", default: "5m" },
    {
      flags: "--immutable-subject",
      description: "with the ids of owner and repository in the subject, as GitHub gives it since 15 July 2026",
    },
    { flags: "--owner-id <n>", description: "the owner's id on GitHub (default: made from the name)" },
    { flags: "--repository-id <n>", description: "the repository's id on GitHub (default: made from the name)" },
    PORT_OPTION,
    OUTPUT_OPTION,
  ],
  examples: [
    "slipway local token --repository acme/shop --environment prod > token",
    "AWS_WEB_IDENTITY_TOKEN_FILE=token AWS_ROLE_ARN=arn:aws:iam::000000000000:role/slipway-prod-deploy aws sts get-caller-identity",
  ],
  json: { documents: ["local-aws-token"] },
  async run(options: TokenOptions, io: CommandIo): Promise<number> {
    const job = jobOf(options);
    const token = await new ControlClient(portOf(options, io.env)).mintGithubToken(job);
    io.stdout.write(
      options.output === "json" ? `${JSON.stringify({ version: 1, token, claims: claimsOf(token) })}\n` : `${token}\n`,
    );
    return 0;
  },
};

function jobOf(options: TokenOptions): GithubJob {
  const { repository } = options;
  if (repository === undefined) {
    throw new UserError("--repository: missing. Type, for example: slipway local token --repository acme/shop");
  }
  if (!/^[A-Za-z0-9-]+\/[\w.-]+$/.test(repository)) {
    throw new UserError(`--repository: '${repository}' is no repository. Write it like acme/shop.`);
  }
  if (options.ref !== undefined && !/^refs\/(heads|tags|pull)\/\S+$/.test(options.ref)) {
    throw new UserError(`--ref: '${options.ref}' is no full ref. Write it like refs/heads/main or refs/tags/v1.`);
  }
  return {
    repository,
    ref: options.ref,
    environment: options.environment,
    event: options.event,
    workflowFile: options.workflow,
    actor: options.actor,
    audience: options.audience,
    lifetimeSeconds: Math.round(parseDuration(options.lifetime ?? "5m", "--lifetime") / 1_000),
    hasImmutableSubject: options.immutableSubject,
    ownerId: idOf(options.ownerId, "--owner-id"),
    repositoryId: idOf(options.repositoryId, "--repository-id"),
  };
}

function idOf(text: string | undefined, flag: string): string | undefined {
  if (text !== undefined && !/^\d+$/.test(text)) {
    throw new UserError(`${flag}: '${text}' is no id. GitHub's ids are numbers.`);
  }
  return text;
}

function claimsOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString("utf8"));
}
