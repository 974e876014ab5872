# Who may assume the roles. Every statement names the whole subject of GitHub's token and, since AWS offers them as condition keys of
# their own (January 2026), the claims that the subject leaves out: the subject of a job with a GitHub environment says nothing of its
# branch (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_iam-condition-keys.html#condition-keys-wif).
locals {
  issuer  = "token.actions.githubusercontent.com"
  subject = coalesce(var.github.subject_prefix, "repo:${var.github.repository}")
  ref     = "refs/heads/${var.github.branch}"

  # In every statement: made for AWS, and for this repository. Its number, where given, is never used again for another repository;
  # its name can be.
  always = merge(
    { aud = "sts.amazonaws.com", repository = var.github.repository },
    var.github.repository_id == null ? {} : { repository_id = var.github.repository_id },
  )
  from_environment = merge(local.always, { sub = "${local.subject}:environment:${var.environment}", ref = local.ref, environment = var.environment })
  # Jobs by the clock, which nobody is there to let in: those of the GitHub environment ENV-watch.
  from_watch  = merge(local.always, { sub = "${local.subject}:environment:${var.environment}-watch", ref = local.ref, environment = "${var.environment}-watch" })
  from_branch = merge(local.always, { sub = "${local.subject}:ref:${local.ref}", ref = local.ref })

  # A pull request's ref is its own merge commit, so there is no branch to name.
  from_pull_request = merge(local.always, { sub = "${local.subject}:pull_request" })
}

# One statement for each kind of job. That of the GitHub environment is for jobs that GitHub has let into it, by its protection rules
# (reviewers, branches), from the one branch. GitHub gives no token to pull requests from forks.
data "aws_iam_policy_document" "jobs" {
  for_each = {
    JobsOfTheGitHubEnvironment = local.from_environment
    JobsThatWatch              = local.from_watch
    JobsOfTheBranch            = local.from_branch
    PullRequests               = local.from_pull_request
  }

  statement {
    sid     = each.key
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [var.github.provider_arn]
    }

    dynamic "condition" {
      for_each = each.value

      content {
        test     = "StringEquals"
        variable = "${local.issuer}:${condition.key}"
        values   = [condition.value]
      }
    }
  }
}

data "aws_iam_policy_document" "trust_plan" {
  source_policy_documents = [
    for kind in ["JobsOfTheGitHubEnvironment", "JobsOfTheBranch", "PullRequests"] : data.aws_iam_policy_document.jobs[kind].json
  ]
}

data "aws_iam_policy_document" "trust_operate" {
  source_policy_documents = [
    for kind in concat(["JobsOfTheGitHubEnvironment"], var.github.watch ? ["JobsThatWatch"] : []) : data.aws_iam_policy_document.jobs[kind].json
  ]

  dynamic "statement" {
    for_each = length(var.operator_principal_arns) > 0 ? [var.operator_principal_arns] : []

    content {
      sid     = "PeopleOnCall"
      actions = ["sts:AssumeRole"]

      principals {
        type        = "AWS"
        identifiers = sort(statement.value)
      }
    }
  }
}
