-- Rows that a unique index would refuse, before it is built.
SELECT :[values] AS value, count(*) AS rows FROM :"schema".:"table" WHERE :[where]
GROUP BY :[columns] HAVING count(*) > 1 ORDER BY 2 DESC, 1 LIMIT 11
