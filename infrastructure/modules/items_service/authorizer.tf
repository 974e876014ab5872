# Lets requests in by their tokens. A function like the other one, but for what it may do: it calls nothing of AWS, only the issuer's
# address. It is there as soon as it is known whose tokens, and not only when they are asked for: what it is made with is the placeholder,
# which lets nobody in, so it has to have its code before the API asks it.
module "authorizer_role" {
  source = "../iam"
  count  = var.jwt == null ? 0 : 1

  role_name                = "${local.authorizer_name}-execution"
  log_group_arn            = module.authorizer[0].log_group_arn
  dead_letter_queue_arn    = module.authorizer[0].dead_letter_queue_arn
  permissions_boundary_arn = var.permissions_boundary ? local.execution_boundary_arn : null
}

module "authorizer" {
  source = "../lambda"
  count  = var.jwt == null ? 0 : 1

  function_name         = local.authorizer_name
  description           = "The items API's authorizer (${var.environment})"
  role_arn              = module.authorizer_role[0].role_arn
  artifact_bucket       = module.artifacts.bucket_name
  memory_size           = 256
  timeout               = 10
  log_retention_in_days = var.log_retention_in_days
  environment           = local.authorizer_environment

  invokers = {
    api-gateway = {
      principal  = "apigateway.amazonaws.com"
      source_arn = module.api.authorizers_execution_arn
    }
  }
}

locals {
  authorizer_environment = merge(
    {
      JWT_ISSUER      = try(var.jwt.issuer, null)
      JWT_AUDIENCE    = try(join(",", var.jwt.audiences), null)
      JWT_READ_SCOPE  = try(var.jwt.read_scope, null)
      JWT_WRITE_SCOPE = try(var.jwt.write_scope, null)
      LOG_LEVEL       = var.log_level
    },
    { for name, uri in { JWT_JWKS_URI = try(var.jwt.jwks_uri, null) } : name => uri if uri != null },
  )
}
