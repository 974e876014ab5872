locals {
  # "/items/{id}" -> ["items", "{id}"]; "/" -> [].
  segments = { for path in keys(var.routes) : path => compact(split("/", path)) }

  # A resource cannot be the parent of another one in the same for_each, so each level of the tree has a block of its own.
  first_level  = toset([for parts in values(local.segments) : "/${parts[0]}" if length(parts) >= 1])
  second_level = { for path, parts in local.segments : path => { parent = "/${parts[0]}", part = parts[1] } if length(parts) == 2 }

  resource_ids = merge(
    { "/" = aws_api_gateway_rest_api.this.root_resource_id },
    { for path, resource in aws_api_gateway_resource.first_level : path => resource.id },
    { for path, resource in aws_api_gateway_resource.second_level : path => resource.id },
  )

  methods = merge([
    for path, methods in var.routes : { for method in methods : "${method} ${path}" => { path = path, method = method } }
  ]...)
}

resource "aws_api_gateway_rest_api" "this" {
  name               = var.name
  description        = var.description
  binary_media_types = var.binary_media_types
  tags               = var.tags

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_resource" "first_level" {
  for_each = local.first_level

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_rest_api.this.root_resource_id
  path_part   = trimprefix(each.key, "/")
}

resource "aws_api_gateway_resource" "second_level" {
  for_each = local.second_level

  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.first_level[each.value.parent].id
  path_part   = each.value.part
}

resource "aws_api_gateway_method" "this" {
  for_each = local.methods

  rest_api_id   = aws_api_gateway_rest_api.this.id
  resource_id   = local.resource_ids[each.value.path]
  http_method   = each.value.method
  authorization = "NONE"
}

resource "aws_api_gateway_integration" "lambda" {
  for_each = local.methods

  rest_api_id             = aws_api_gateway_rest_api.this.id
  resource_id             = local.resource_ids[each.value.path]
  http_method             = aws_api_gateway_method.this[each.key].http_method
  type                    = "AWS_PROXY"
  integration_http_method = "POST" # Lambda is invoked by POST, whatever the client's method.
  uri                     = var.lambda_invoke_arn
  timeout_milliseconds    = var.integration_timeout_milliseconds
}
