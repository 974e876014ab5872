# Plans only: the real provider checks every value, and no API is called.
provider "aws" {
  region                      = "us-east-1"
  access_key                  = "not-used"
  secret_key                  = "not-used"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_region_validation      = true
  skip_requesting_account_id  = true
}

variables {
  role_name = "api-gateway-logging-us-east-1"
}

run "only_api_gateway_may_assume_the_role" {
  command = plan

  assert {
    condition     = one(jsondecode(aws_iam_role.logging.assume_role_policy).Statement).Principal == { Service = "apigateway.amazonaws.com" }
    error_message = "Only API Gateway may assume the logging role."
  }

  assert {
    condition     = alltrue([for action in one(jsondecode(aws_iam_role_policy.logging.policy).Statement).Action : startswith(action, "logs:")])
    error_message = "The logging role may work with logs only."
  }
}

run "refuses_a_role_name_that_is_too_long_and_a_policy_without_its_arn" {
  command = plan

  variables {
    role_name                = join("", [for position in range(65) : "x"])
    permissions_boundary_arn = "boundary"
  }

  expect_failures = [var.role_name, var.permissions_boundary_arn]
}
