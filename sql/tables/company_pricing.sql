-- The attributes read from a pricing page: one extracted and one core table each, all of one shape.
create table if not exists reference.pricing_attributes (
  attribute text primary key,
  workflow_slug text not null,
  question text not null,
  answers json not null,
  position integer not null,
  constraint pricing_attributes_workflow_slug_key unique (workflow_slug)
);
comment on table reference.pricing_attributes is 'What is asked about pricing pages (core.pricing_attribute).';
comment on column reference.pricing_attributes.answers is 'Field of the answer -> allowed value -> its meaning.';

do $$
declare
  v_attribute text;
  v_columns text;
begin
  foreach v_attribute in array '{
    add_ons_offered,annual_commitment_required,billing_default,custom_pricing_mentioned,enterprise_tier_exists,free_trial,minimum_seats,
    money_back_guarantee,number_of_tiers,plan_naming_style,pricing_model,pricing_visibility,sales_motion,security_compliance_gating
  }'::text[] loop
    v_columns := format('%I text', v_attribute) || case v_attribute when 'sales_motion' then ', contact_sales_cta text' else '' end;
    execute format(
      'create table if not exists extracted.company_%s (
         id uuid primary key, domain text not null, pricing_page_url text, %s, explanation text,
         raw_payload_id uuid not null, observed_at timestamptz not null, created_at timestamptz not null default now(),
         constraint %I unique nulls not distinct (domain, raw_payload_id)
       )', v_attribute, v_columns, 'company_' || v_attribute || '_record_key');
    execute format('comment on table extracted.company_%s is %L', v_attribute, 'What each run read about ' || v_attribute || ' from a pricing page; unknown: the page does not say.');
    execute format(
      'create table if not exists core.company_%s (
         id uuid primary key, domain text not null, %s, explanation text, last_checked_at timestamptz, source text not null,
         raw_payload_id uuid, observed_at timestamptz not null default ''-infinity'', created_at timestamptz not null default now(), updated_at timestamptz not null default now(),
         constraint %I unique nulls not distinct (domain)
       )', v_attribute, v_columns, 'company_' || v_attribute || '_record_key');
    execute format('create index if not exists %I on core.company_%s (%I)', 'company_' || v_attribute || '_value_idx', v_attribute, v_attribute);
    execute format('comment on table core.company_%s is %L', v_attribute, 'What the pricing page of a company says about ' || v_attribute || ', as last found out.');
  end loop;
end;
$$;
