# An API in front of the smallest function there is, with paths of each kind, an authorizer, and one path for signed requests only.
terraform {
  required_version = ">= 1.11"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}

provider "aws" {
  region = "us-east-1"

  default_tags {
    tags = { Project = "slipway", Environment = "example", ManagedBy = "terraform", Service = "api-gateway" }
  }
}

variable "name_prefix" {
  description = "Put before every name."
  type        = string
  default     = "slipway-example-api-"
  nullable    = false
}

variable "manage_api_gateway_account" {
  description = "Sets the role that API Gateway writes logs with. There is one such setting per account and region: false where somebody else, such as infrastructure/bootstrap, owns it already."
  type        = bool
  default     = true
  nullable    = false
}

module "account" {
  source = "../../../api_gateway_account"
  count  = var.manage_api_gateway_account ? 1 : 0

  role_name = "${var.name_prefix}gateway-logging"
}

data "aws_iam_policy_document" "trust" {
  statement {
    sid     = "LambdaService"
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "execution" {
  name               = "${var.name_prefix}execution"
  assume_role_policy = data.aws_iam_policy_document.trust.json
}

# The placeholder of the module lambda, which answers 503.
resource "aws_lambda_function" "handler" {
  function_name    = "${var.name_prefix}handler"
  role             = aws_iam_role.execution.arn
  runtime          = "nodejs22.x"
  handler          = "index.handler"
  filename         = "${path.module}/../../../lambda/placeholder/placeholder.zip"
  source_code_hash = filebase64sha256("${path.module}/../../../lambda/placeholder/placeholder.zip")
}

# The same code in the place of an authorizer: it lets nobody in.
resource "aws_lambda_function" "authorizer" {
  function_name    = "${var.name_prefix}authorizer"
  role             = aws_iam_role.execution.arn
  runtime          = "nodejs22.x"
  handler          = "index.handler"
  filename         = "${path.module}/../../../lambda/placeholder/placeholder.zip"
  source_code_hash = filebase64sha256("${path.module}/../../../lambda/placeholder/placeholder.zip")
}

resource "aws_lambda_permission" "api" {
  for_each = {
    handler    = { function = aws_lambda_function.handler.function_name, caller = module.api.stage_execution_arn }
    authorizer = { function = aws_lambda_function.authorizer.function_name, caller = module.api.authorizers_execution_arn }
  }

  statement_id  = "api-gateway"
  action        = "lambda:InvokeFunction"
  function_name = each.value.function
  principal     = "apigateway.amazonaws.com"
  source_arn    = each.value.caller
}

module "api" {
  source = "../.."

  name              = "${var.name_prefix}orders"
  description       = "An example"
  stage_name        = "v1"
  lambda_invoke_arn = aws_lambda_function.handler.invoke_arn

  definition = jsonencode({
    openapi = "3.0.1"
    info    = { title = "Orders", version = "1.0.0" }

    paths = {
      "/" = { get = { responses = { "200" = { description = "Who we are" } } } }

      "/orders" = {
        get     = { security = [{ jwt = [] }], responses = { "200" = { description = "All orders" } } }
        options = { responses = { "204" = { description = "Preflight answered" } } }

        post = {
          security    = [{ jwt = [] }]
          requestBody = { required = true, content = { "application/json" = { schema = { "$ref" = "#/components/schemas/Order" } } } }
          responses   = { "201" = { description = "Ordered" } }
        }
      }

      "/orders/{id}/lines/{line}" = { get = { security = [{ jwt = [] }], responses = { "200" = { description = "One line" } } } }
      "/files/{proxy+}"           = { "x-amazon-apigateway-any-method" = { responses = { "200" = { description = "A file" } } } }
      "/inside"                   = { get = { responses = { "200" = { description = "For those who sign" } } } }
      "/later"                    = { get = { responses = { "200" = { description = "Not there yet" } } } }
    }

    components = {
      schemas = { Order = { type = "object", required = ["article"], properties = { article = { type = "string" } }, additionalProperties = false } }
    }
  })

  authorizer          = { invoke_arn = aws_lambda_function.authorizer.invoke_arn, result_ttl_in_seconds = 300 }
  iam_paths           = ["/inside"]
  dropped_paths       = ["/later"]
  problem_type_prefix = "urn:orders-api:problem:"

  binary_media_types               = ["image/png"]
  cors_allow_origin                = "https://app.example.com"
  integration_timeout_milliseconds = 5000
  throttling_rate_limit            = 10
  throttling_burst_limit           = 20
  log_retention_in_days            = 7

  # Without the account's logging role AWS refuses a stage that logs.
  depends_on = [module.account]
}

output "invoke_url" {
  description = "URL of the stage."
  value       = module.api.invoke_url
}
