-- How the read tables follow core. Triggers on core note the keys that changed, in the transaction that changes them; a refresh,
-- later and alone, computes those rows again from what is committed. So a noted key is never computed from a state before its
-- change, two refreshes never overtake each other, and ingest pays for one small insert per statement and nothing else.

create or replace function api.note_company_keys()
returns trigger language plpgsql set search_path = '' as $$
begin
  insert into api.changed_keys (kind, key) select distinct 'company', changed.domain from changed;
  return null;
end;
$$;
comment on function api.note_company_keys() is 'Trigger: notes the companies of changed rows (column domain).';

create or replace function api.note_investor_keys()
returns trigger language plpgsql set search_path = '' as $$
begin
  insert into api.changed_keys (kind, key) select distinct 'company', changed.company_domain from changed;
  return null;
end;
$$;
comment on function api.note_investor_keys() is 'Trigger: notes the companies of changed rows (column company_domain).';

create or replace function api.note_person_keys()
returns trigger language plpgsql set search_path = '' as $$
begin
  insert into api.changed_keys (kind, key) select distinct 'person', changed.linkedin_url from changed;
  return null;
end;
$$;
comment on function api.note_person_keys() is 'Trigger: notes the people of changed rows (column linkedin_url).';

do $$
declare
  v_table record;
begin
  for v_table in
    select watched.name, watched.notes
      from (values
        ('core.companies', 'note_company_keys'), ('core.company_locations', 'note_company_keys'),
        ('core.company_industries', 'note_company_keys'), ('core.company_employee_range', 'note_company_keys'),
        ('core.company_types', 'note_company_keys'), ('core.company_funding', 'note_company_keys'),
        ('core.company_revenue', 'note_company_keys'), ('core.company_business_model', 'note_company_keys'),
        ('core.company_vc_investors', 'note_investor_keys'),
        ('core.people', 'note_person_keys'), ('core.person_locations', 'note_person_keys'),
        ('core.person_job_titles', 'note_person_keys'), ('core.person_tenure', 'note_person_keys'),
        ('core.person_promotions', 'note_person_keys')
      ) as watched (name, notes)
  loop
    execute format(
      'create or replace trigger _800_note_inserted after insert on %s referencing new table as changed for each statement execute function api.%I()',
      v_table.name, v_table.notes
    );
    execute format(
      'create or replace trigger _800_note_updated after update on %s referencing new table as changed for each statement execute function api.%I()',
      v_table.name, v_table.notes
    );
    execute format(
      'create or replace trigger _800_note_deleted after delete on %s referencing old table as changed for each statement execute function api.%I()',
      v_table.name, v_table.notes
    );
  end loop;
end;
$$;

create or replace function api.merge_rows(target text, facts text, key_column text, keys text[])
returns text[] language plpgsql set search_path = '' as $$
declare
  v_columns text;
  v_stored text;
  v_offered text;
  v_changed text[];
begin
  select string_agg(quote_ident(found.name), ', ' order by found.place), string_agg(format('stored.%I', found.name), ', ' order by found.place),
         string_agg(format('excluded.%I', found.name), ', ' order by found.place)
    into v_columns, v_stored, v_offered
    from etl.columns_of(merge_rows.target) as found;
  execute format(
    $sql$
    with gone as (
      delete from %1$s as stored
       where stored.%3$I = any ($1)
         and not exists (select from %2$s as fact where fact.%3$I = stored.%3$I)
      returning stored.%3$I
    ), merged as (
      insert into %1$s as stored (%4$s)
      select %4$s from %2$s where %3$I = any ($1)
          on conflict (%3$I) do update set (%4$s) = row (%6$s)
       where (%5$s) is distinct from (%6$s)
      returning stored.%3$I
    )
    select array(select gone.%3$I from gone union all select merged.%3$I from merged)
    $sql$, merge_rows.target, merge_rows.facts, merge_rows.key_column, v_columns, v_stored, v_offered
  ) into v_changed using merge_rows.keys;
  return v_changed;
end;
$$;
comment on function api.merge_rows(text, text, text, text[]) is
  'Makes the rows of a read table that have the given keys equal to those of its facts. Gives the keys whose row changed, came or went.';

create or replace function api.learn_words(searches tsvector[])
returns void language sql set search_path = '' as $$
  insert into api.words (word)
  select found.word
    from api.words_in(learn_words.searches) as found (word)
   where not exists (select from api.words as known where known.word = found.word collate "C")
      on conflict do nothing;
$$;
comment on function api.learn_words(tsvector[]) is 'Adds words that are not known yet.';

create or replace function api.words_in(searches tsvector[])
returns setof text language sql immutable set search_path = '' as $$
  select distinct found.word collate "C"
    from unnest(words_in.searches) as search (words)
   cross join lateral unnest(tsvector_to_array(search.words)) as found (word);
$$;
comment on function api.words_in(tsvector[]) is 'The words of search vectors, each once.';

create or replace function api.unlearn_words(words text[])
returns void language sql set search_path = '' as $$
  delete from api.words as known
   using unnest(unlearn_words.words) as gone (word)
   where known.word = gone.word collate "C"
     and not exists (select from api.lead_rows as lead where lead.search @@ (quote_literal(gone.word))::tsquery)
     and not exists (select from api.company_rows as company where company.search @@ (quote_literal(gone.word))::tsquery);
$$;
comment on function api.unlearn_words(text[]) is 'Removes those of the words that occur nowhere any more, so that a name that was erased is not kept as a word.';

create or replace function api.learn_values(company_domains text[], linkedin_urls text[])
returns void language sql set search_path = '' as $$
  insert into api.vocabulary (field, value)
  select distinct seen.field, seen.value
    from (
      select fact.field, fact.value
        from api.lead_rows as lead
       cross join lateral (
         values ('matched_cleaned_job_title', lead.matched_cleaned_job_title), ('matched_job_function', lead.matched_job_function),
                ('matched_seniority', lead.matched_seniority), ('person_city', lead.person_city), ('person_state', lead.person_state),
                ('person_country', lead.person_country)
       ) as fact (field, value)
       where lead.linkedin_url = any (learn_values.linkedin_urls)
      union all
      select fact.field, fact.value
        from api.company_rows as company
       cross join lateral (
         values ('matched_industry', company.matched_industry), ('employee_range', company.employee_range), ('company_city', company.company_city),
                ('company_state', company.company_state), ('company_name', company.name), ('company_country', company.company_country), ('company_type', company.company_type),
                ('funding_range', company.funding_range), ('revenue_range', company.revenue_range)
         union all
         select 'vc_name', name from unnest(company.vc_names) as name
       ) as fact (field, value)
       where company.domain = any (learn_values.company_domains)
    ) as seen
   where seen.value is not null
     and not exists (select from api.vocabulary as known where known.field = seen.field and known.value = seen.value)
      on conflict do nothing;
$$;
comment on function api.learn_values(text[], text[]) is 'Adds the values of the given rows that are not in the vocabulary yet.';

create or replace function api.refresh_keys(company_domains text[], linkedin_urls text[])
returns integer language plpgsql set search_path = '' as $$
declare
  v_companies text[] := '{}';
  v_people text[] := '{}';
  v_before tsvector[] := '{}';
begin
  if cardinality(refresh_keys.company_domains) > 0 then
    v_before := array(select stored.search from api.company_rows as stored where stored.domain = any (refresh_keys.company_domains));
    v_companies := api.merge_rows('api.company_rows', 'api.company_facts', 'domain', refresh_keys.company_domains);
    -- Everyone there shows the company: noted later, part by part, however many they are.
    insert into api.changed_keys (kind, key) select 'staff', changed.domain from unnest(v_companies) as changed (domain);
  end if;
  if cardinality(refresh_keys.linkedin_urls) > 0 then
    v_before := v_before || array(select stored.search from api.lead_rows as stored where stored.linkedin_url = any (refresh_keys.linkedin_urls));
    v_people := api.merge_rows('api.lead_rows', 'api.lead_facts', 'linkedin_url', refresh_keys.linkedin_urls);
  end if;
  if cardinality(v_companies) + cardinality(v_people) > 0 then
    perform api.learn_values(v_companies, v_people);
    perform api.learn_words(
      array(select stored.search from api.company_rows as stored where stored.domain = any (v_companies))
      || array(select stored.search from api.lead_rows as stored where stored.linkedin_url = any (v_people))
    );
    -- Only words that no row of these has any more are looked for in all the others.
    perform api.unlearn_words(
      array(
        select old.word from api.words_in(v_before) as old (word)
        except
        select kept.word
          from api.words_in(
            array(select stored.search from api.company_rows as stored where stored.domain = any (refresh_keys.company_domains))
            || array(select stored.search from api.lead_rows as stored where stored.linkedin_url = any (refresh_keys.linkedin_urls))
          ) as kept (word)
      )
    );
  end if;
  return cardinality(v_companies) + cardinality(v_people);
end;
$$;
comment on function api.refresh_keys(text[], text[]) is
  'Computes the rows of these companies and people again. Gives the number of rows that changed. The caller holds api.lock_reads().';

create or replace function api.lock_reads(may_wait boolean)
returns boolean language plpgsql set search_path = '' as $$
begin
  if lock_reads.may_wait then
    perform pg_advisory_xact_lock(hashtext('api.refresh_reads'), 0);
    return true;
  end if;
  return pg_try_advisory_xact_lock(hashtext('api.refresh_reads'), 0);
end;
$$;
comment on function api.lock_reads(boolean) is 'Takes the lock under which one transaction at a time refreshes the read tables; false when another has it and may_wait is false.';

create or replace function api.note_staff(domain text, after text, most integer default 1000)
returns void language sql set search_path = '' as $$
  with part as (
    select person.linkedin_url
      from core.people as person
     where person.core_company_id = etl.record_id('core.companies', note_staff.domain)
       and person.linkedin_url > coalesce(note_staff.after, '')
     order by person.linkedin_url
     limit note_staff.most
  )
  insert into api.changed_keys (kind, key, after)
  select 'person', part.linkedin_url, null from part
  union all
  select 'staff', note_staff.domain, max(part.linkedin_url) from part having count(*) = note_staff.most;
$$;
comment on function api.note_staff(text, text, integer) is
  'Notes the next people of a company, after the given one, and where to go on when there are more.';

create or replace function api.refresh_reads(most integer default 2000)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_kinds text[];
  v_keys text[];
  v_after text[];
  v_changed integer := 0;
begin
  if api.lock_reads(may_wait => false) then
    with claimed as (
      delete from api.changed_keys as noted
       where noted.id in (select oldest.id from api.changed_keys as oldest order by oldest.id limit refresh_reads.most)
      returning noted.kind, noted.key, noted.after
    )
    -- The walk that has come least far covers the others.
    select array_agg(claimed.kind), array_agg(claimed.key), array_agg(claimed.after)
      into v_kinds, v_keys, v_after
      from (select each.kind, each.key, min(coalesce(each.after, '')) as after from claimed as each group by each.kind, each.key) as claimed;
    perform api.note_staff(noted.key, noted.after)
       from unnest(v_kinds, v_keys, v_after) as noted (kind, key, after)
      where noted.kind = 'staff';
    v_changed := api.refresh_keys(
      array(select noted.key from unnest(v_kinds, v_keys) as noted (kind, key) where noted.kind = 'company'),
      array(select noted.key from unnest(v_kinds, v_keys) as noted (kind, key) where noted.kind = 'person')
    );
  end if;
  return jsonb_build_object('done', coalesce(cardinality(v_keys), 0), 'changed', v_changed, 'remaining', exists (select from api.changed_keys));
end;
$$;
comment on function api.refresh_reads(integer) is
  'Works off the oldest noted keys, at most so many notes: {done: keys, changed: rows, remaining}. Does nothing while another transaction refreshes. Called by the worker.';

create or replace function api.refresh_all_reads()
returns bigint language plpgsql set search_path = '' as $$
declare
  v_changed bigint := 0;
  v_step jsonb;
begin
  perform api.lock_reads(may_wait => true);
  loop
    v_step := api.refresh_reads();
    v_changed := v_changed + (v_step ->> 'changed')::bigint;
    exit when not (v_step ->> 'remaining')::boolean;
  end loop;
  return v_changed;
end;
$$;
comment on function api.refresh_all_reads() is
  'Works off everything that is noted, in one transaction, after waiting for a refresh that is running: for psql, tests and loads without a worker. Gives the number of rows that changed.';

create or replace function api.rebuild_reads()
returns bigint language sql set search_path = '' as $$
  with noted as (
    insert into api.changed_keys (kind, key)
    select 'company', company.domain from core.companies as company
    union all
    select 'company', stored.domain from api.company_rows as stored
     where not exists (select from core.companies as company where company.domain = stored.domain)
    union all
    select 'person', person.linkedin_url from core.people as person
    union all
    select 'person', stored.linkedin_url from api.lead_rows as stored
     where not exists (select from core.people as person where person.linkedin_url = stored.linkedin_url)
    returning id
  )
  select count(*) from noted;
$$;
comment on function api.rebuild_reads() is
  'Notes every company and person, so that the worker makes all read tables again from core, part by part, while they are read. Gives the number noted.';

create or replace function api.forget_reads(key text, others text[])
returns void language plpgsql set search_path = '' as $$
declare
  v_keys constant text[] := array[forget_reads.key] || forget_reads.others;
  v_row jsonb;
  v_used record;
begin
  perform api.lock_reads(may_wait => true);
  select to_jsonb(stored) into v_row from api.lead_rows as stored where stored.linkedin_url = forget_reads.key;
  if v_row is null then
    select to_jsonb(stored) into v_row from api.company_rows as stored where stored.domain = forget_reads.key;
  end if;
  delete from api.changed_keys as noted where noted.key = forget_reads.key;
  perform api.refresh_keys(v_keys, v_keys);
  for v_used in
    select known.field, known.value, case when known.field ~ '^(person|matched_(job|cleaned|seniority))' then 'api.lead_rows' else 'api.company_rows' end as target
      from jsonb_each_text(v_row) as fact
      join api.vocabulary as known on known.field = case fact.key when 'name' then 'company_name' else fact.key end and known.value = fact.value
  loop
    execute format(
      'delete from api.vocabulary as known where known.field = $1 and known.value = $2 and not exists (select from %s as stored where stored.%I = $2)',
      v_used.target, case v_used.field when 'company_name' then 'name' else v_used.field end
    ) using v_used.field, v_used.value;
  end loop;
end;
$$;
comment on function api.forget_reads(text, text[]) is
  'Takes an erased record out of the read tables at once, with the words and values that only it had, and computes the records it mentioned again. Called by etl.forget().';
