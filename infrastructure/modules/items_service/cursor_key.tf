# What the function signs the cursors of lists with: made once, by the first apply, from 244 random bits. It stays out of plans, also out
# of the one that destroys it, and lies in the state like everything else; another one makes clients start their lists again, no more:
#   terraform apply -replace=module.items.terraform_data.cursor_key
resource "terraform_data" "cursor_key" {
  # Not `input`: that comes out again as `output`, where Terraform forgets that it is sensitive.
  triggers_replace = sensitive("${uuid()}${uuid()}")

  lifecycle {
    ignore_changes = [triggers_replace]
  }
}
