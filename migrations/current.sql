-- The migration in work. `npm run db:commit` moves it to committed/.
set local check_function_bodies = off;

-- Deliveries
--!include tables/reference.sql
--!include tables/etl_deliveries.sql
--!include etl/declare/workflow.sql
--!include etl/land/run.sql
--!include etl/deliver/destination_host.sql
--!include etl/deliver/delivers.sql
--!include etl/deliver/create.sql
--!include etl/deliver/pace.sql
--!include etl/deliver/send.sql
--!include etl/deliver/control.sql
--!include etl/deliver/progress.sql
--!include etl/deliver/delivery_response_schema.sql
--!include workflows/people/salesnav-export-to-clay.sql
--!include workflows/companies/send-case-study-urls-to-clay.sql
--!include workflows/companies/unresolved-customers-to-clay.sql
--!include workflows/clients/client-leads-to-clay.sql
--!include workflows/clients/target-client-leads-to-clay.sql

select etl.compile();
