"""What a judgement comes to: findings, verdicts, the certification and its decision."""
