stage        = "staging"
protect_data = false
