import { createHash } from "node:crypto";
import type { TokenRequest } from "./issuers.ts";

/** The issuer of GitHub Actions' tokens. */
export const GITHUB_ISSUER = "https://token.actions.githubusercontent.com";
/** The audience that AWS's own action asks for. */
export const AWS_AUDIENCE = "sts.amazonaws.com";

/** The job of GitHub Actions that a token is for. */
export interface GithubJob {
  /** `owner/name` */
  readonly repository: string;
  /** `refs/heads/main`; for pull requests `refs/pull/1/merge` unless said. */
  readonly ref?: string;
  /** GitHub environment of the job. */
  readonly environment?: string;
  /** `push` unless said. */
  readonly event?: string;
  /** File of the workflow; `.github/workflows/release.yml` unless said. */
  readonly workflowFile?: string;
  /** Who started it; the owner unless said. */
  readonly actor?: string;
  /** Made from the names unless given: local AWS cannot ask GitHub. */
  readonly repositoryId?: string;
  readonly ownerId?: string;
  /** The subject that GitHub gives to repositories made since 15 July 2026, with the ids in it. */
  readonly hasImmutableSubject?: boolean;
  readonly audience?: string;
  readonly lifetimeSeconds?: number;
}

/**
 * The token that GitHub Actions would give to a job.
 *
 * @see https://docs.github.com/en/actions/reference/security/oidc
 * @see https://github.blog/changelog/2026-04-23-immutable-subject-claims-for-github-actions-oidc-tokens/
 */
export function githubTokenRequest(job: GithubJob): TokenRequest {
  const { repository, environment, event = "push" } = job;
  const [owner = "", name = ""] = repository.split("/");
  const isPullRequest = event === "pull_request";
  const ref = job.ref ?? (isPullRequest ? "refs/pull/1/merge" : "refs/heads/main");
  const repositoryId = job.repositoryId ?? numberFrom(repository);
  const ownerId = job.ownerId ?? numberFrom(owner);
  const actor = job.actor ?? owner;
  const workflowFile = job.workflowFile ?? ".github/workflows/release.yml";
  const workflowRef = `${repository}/${workflowFile}@${ref}`;
  const sha = createHash("sha1").update(`${repository} ${ref}`).digest("hex");
  const prefix = job.hasImmutableSubject === true ? `${owner}@${ownerId}/${name}@${repositoryId}` : repository;
  return {
    issuer: GITHUB_ISSUER,
    subject: `repo:${prefix}:${contextOf(environment, isPullRequest, ref)}`,
    audience: job.audience ?? AWS_AUDIENCE,
    lifetimeSeconds: job.lifetimeSeconds,
    claims: {
      repository,
      repository_id: repositoryId,
      repository_owner: owner,
      repository_owner_id: ownerId,
      repository_visibility: "private",
      ref,
      ref_type: ref.startsWith("refs/tags/") ? "tag" : "branch",
      ref_protected: "true",
      head_ref: "",
      base_ref: isPullRequest ? "main" : "",
      sha,
      ...(environment === undefined ? {} : { environment }),
      event_name: event,
      actor,
      actor_id: numberFrom(actor),
      workflow:
        workflowFile
          .split("/")
          .at(-1)
          ?.replace(/\.ya?ml$/, "") ?? "",
      workflow_ref: workflowRef,
      workflow_sha: sha,
      job_workflow_ref: workflowRef,
      job_workflow_sha: sha,
      run_id: "1",
      run_number: "1",
      run_attempt: "1",
      runner_environment: "github-hosted",
    },
  };
}

/** The environment wins over the event, and the event over the ref. */
function contextOf(environment: string | undefined, isPullRequest: boolean, ref: string): string {
  if (environment !== undefined) {
    // GitHub percent-encodes what would end the part.
    return `environment:${environment.replaceAll(":", "%3A")}`;
  }
  return isPullRequest ? "pull_request" : `ref:${ref}`;
}

/** The same number for the same name, in the form of GitHub's ids. */
function numberFrom(name: string): string {
  return String(createHash("sha256").update(name).digest().readUInt32BE(0));
}
