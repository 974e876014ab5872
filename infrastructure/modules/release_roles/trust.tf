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

# A job that GitHub has let into the environment, by its protection rules (reviewers, branches), from the one branch.
data "aws_iam_policy_document" "trust_environment" {
  statement {
    sid     = "JobsOfTheGitHubEnvironment"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [var.github.provider_arn]
    }

    dynamic "condition" {
      for_each = local.from_environment

      content {
        test     = "StringEquals"
        variable = "${local.issuer}:${condition.key}"
        values   = [condition.value]
      }
    }
  }
}

data "aws_iam_policy_document" "trust_plan" {
  source_policy_documents = [data.aws_iam_policy_document.trust_environment.json]

  statement {
    sid     = "JobsOfTheBranch"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [var.github.provider_arn]
    }

    dynamic "condition" {
      for_each = local.from_branch

      content {
        test     = "StringEquals"
        variable = "${local.issuer}:${condition.key}"
        values   = [condition.value]
      }
    }
  }

  # GitHub gives no token to pull requests from forks.
  statement {
    sid     = "PullRequests"
    actions = ["sts:AssumeRoleWithWebIdentity"]

    principals {
      type        = "Federated"
      identifiers = [var.github.provider_arn]
    }

    dynamic "condition" {
      for_each = local.from_pull_request

      content {
        test     = "StringEquals"
        variable = "${local.issuer}:${condition.key}"
        values   = [condition.value]
      }
    }
  }
}

data "aws_iam_policy_document" "trust_operate" {
  source_policy_documents = [data.aws_iam_policy_document.trust_environment.json]

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

  dynamic "statement" {
    for_each = var.github.watch ? [local.from_watch] : []

    content {
      sid     = "JobsThatWatch"
      actions = ["sts:AssumeRoleWithWebIdentity"]

      principals {
        type        = "Federated"
        identifiers = [var.github.provider_arn]
      }

      dynamic "condition" {
        for_each = statement.value

        content {
          test     = "StringEquals"
          variable = "${local.issuer}:${condition.key}"
          values   = [condition.value]
        }
      }
    }
  }
}
