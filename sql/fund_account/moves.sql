-- Changes whenever any account does.
SELECT COALESCE(sum(rounds), 0) AS moves
  FROM fund_account
