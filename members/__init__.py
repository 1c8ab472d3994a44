"""Who we are: accounts, owners, interests, vehicles, service orders."""
