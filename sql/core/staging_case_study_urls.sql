create or replace view raw.staging_case_study_urls as
  select customer.id, coalesce(mark.sent_to_clay, false) as sent_to_clay,
         coalesce(customer.origin_company_name, company.name) as origin_company_name, customer.domain as origin_company_domain,
         customer.customer_name as customer_company_name, customer.case_study_url,
         coalesce(
           mark.processed,
           exists (select from extracted.case_study_buyers as buyer where buyer.case_study_key = core.case_study_key(customer.case_study_url))
             or exists (select from extracted.case_study_details as detail where detail.case_study_key = core.case_study_key(customer.case_study_url))
         ) as processed,
         mark.batch_id, customer.created_at
    from extracted.claygent_customers_structured as customer
    left join core.companies as company on company.domain = customer.domain
    left join raw.case_study_url_marks as mark on mark.id = customer.id
   where customer.case_study_url is not null;
comment on view raw.staging_case_study_urls is
  'Case studies to be read, one row per origin, customer and URL. processed follows from what is extracted. sent_to_clay, processed and batch_id can be updated; they are kept in raw.case_study_url_marks.';

create or replace function raw.mark_case_study_url()
returns trigger language plpgsql set search_path = '' as $$
begin
  insert into raw.case_study_url_marks as stored (id, sent_to_clay, processed, batch_id)
  values (old.id, new.sent_to_clay, case when new.processed is distinct from old.processed then new.processed end, new.batch_id)
      on conflict on constraint case_study_url_marks_pkey do update
     set sent_to_clay = excluded.sent_to_clay,
         processed = coalesce(excluded.processed, stored.processed),
         batch_id = excluded.batch_id,
         updated_at = now();
  return new;
end;
$$;
comment on function raw.mark_case_study_url() is 'Trigger function of raw.staging_case_study_urls: keeps the marks of a row; what is extracted stays as it is.';

create or replace trigger mark_case_study_url instead of update on raw.staging_case_study_urls
for each row execute function raw.mark_case_study_url();
