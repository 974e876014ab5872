# Copy to backend.hcl (not committed), put in the values of `terraform output` in infrastructure/bootstrap, then:
#   terraform init -backend-config=backend.hcl
bucket = "acme-terraform-state"
region = "us-east-1"
