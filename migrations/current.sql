-- The migration in work. `npm run db:commit` moves it to committed/.

-- 000003 changed a function of the engine and did not compile.
select etl.compile();
