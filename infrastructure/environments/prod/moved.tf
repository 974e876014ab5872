# Until November 2026 the service was wired up in this folder. Its resources are the same ones under new names, also in states that were
# written before.
moved {
  from = module.artifacts
  to   = module.items.module.artifacts
}

moved {
  from = module.table
  to   = module.items.module.table
}

moved {
  from = module.execution_role
  to   = module.items.module.execution_role
}

moved {
  from = module.function
  to   = module.items.module.function
}

moved {
  from = module.api
  to   = module.items.module.api
}
