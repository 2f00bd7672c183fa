-- The migration in work. `npm run db:commit` moves it to committed/.
-- Function bodies name each other freely; the tests check them all (plpgsql_check).
set local check_function_bodies = off;

-- Keys: one spelling for international domains and for names in profile URLs
--!include etl/keys/to_ascii_label.sql
--!include etl/keys/normalize_domain.sql
--!include etl/keys/normalize_linkedin_url.sql
