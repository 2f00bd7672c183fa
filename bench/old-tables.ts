import type { Sql } from '../src/database/connect.ts';

/** The tables the old system filled for a CompanyEnrich payload. */
const copied = [
  ['raw_partitions.companyenrich_payloads_other', 'companyenrich_payloads'],
  ...[
    'company',
    'keywords',
    'technologies',
    'industries',
    'categories',
    'naics_codes',
    'funding_rounds',
    'vc_investments',
    'investors',
    'socials',
    'location',
    'subsidiaries',
  ].map((name) => [`extracted.companyenrich_${name}`, `extracted_${name}`]),
  ...[
    'companies',
    'company_names',
    'company_employee_range',
    'company_revenue',
    'company_types',
    'company_keywords',
    'company_tech_on_site',
    'company_categories',
    'company_naics_codes',
    'company_funding_rounds',
    'company_vc_investors',
    'company_vc_backed',
    'company_social_urls',
    'company_locations',
    'company_descriptions',
    'company_industries',
  ].map((name) => [`core.${name}`, name]),
  ['reference.technologies', 'technologies'],
  ['reference.company_industries', 'reference_industries'],
] as [table: string, copy: string][];

/**
 * Makes schema old: the same tables with the same indexes and no triggers. Lineage, which the old system did not
 * have, gets constants; ids are random ones, as they were.
 */
export async function createOldTables(sql: Sql): Promise<void> {
  await sql`create schema old`;
  for (const [table, copy] of copied) {
    await sql.unsafe(`create table old.${copy} (like ${table} including all)`);
  }
  await sql.unsafe(`
    do $$
    declare
      v_column record;
    begin
      for v_column in
        select format('alter table old.%I alter column %I set default %s', held.relname, attribute.attname,
                 case attribute.attname
                   when 'id' then 'gen_random_uuid()'
                   when 'raw_payload_id' then quote_literal('00000000-0000-0000-0000-000000000000')
                   else 'now()'
                 end) as statement
          from pg_class as held
          join pg_attribute as attribute on attribute.attrelid = held.oid
         where held.relnamespace = 'old'::regnamespace
           and held.relkind = 'r'
           and attribute.attname in ('id', 'raw_payload_id', 'observed_at', 'created_at')
           and attribute.attnum > 0
           and not attribute.attisdropped
      loop
        execute v_column.statement;
      end loop;
    end $$`);
}

/** Empties them. */
export async function truncateOldTables(sql: Sql): Promise<void> {
  await sql.unsafe(`truncate ${copied.map(([, copy]) => `old.${copy}`).join(', ')}`);
}
