resource "aws_api_gateway_rest_api" "this" {
  name               = var.name
  description        = var.description
  body               = local.body
  binary_media_types = var.binary_media_types
  tags               = var.tags

  # The import takes the place of everything that the API was (put_rest_api_mode is "overwrite" where nothing is said). What it cannot
  # use is an error, not a method without its authorizer.
  fail_on_warnings = true

  endpoint_configuration {
    types = ["REGIONAL"]
  }

  lifecycle {
    precondition {
      condition     = length(setsubtract(var.iam_paths, keys(local.document.paths))) == 0 && length(setsubtract(var.dropped_paths, keys(local.document.paths))) == 0
      error_message = "iam_paths and dropped_paths must be paths of the definition; it has ${join(", ", keys(local.document.paths))}."
    }
  }
}
