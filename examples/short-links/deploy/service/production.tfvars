stage               = "production"
protect_data        = true
requests_per_second = 500
