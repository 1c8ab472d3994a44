"""What happens at a gathering or a contest: ballots, gift exchange, ranking, sales."""
