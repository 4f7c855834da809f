"""Answers and articles ▶ markup. Pure: equal input gives equal markup."""
