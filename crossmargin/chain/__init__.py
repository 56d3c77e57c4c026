"""What talking to a chain needs: transactions, refusals, logs, records of deployments, decimals; knows no contract."""
