# Partial: the bucket's name differs per organisation and is given at init, see backend.example.hcl.
# `encrypt` is left out on purpose. It would ask for AES256 on every write and so bypass the bucket's own default, which is
# a KMS key.
terraform {
  backend "s3" {
    key          = "dev/terraform.tfstate"
    use_lockfile = true
  }
}
