-- How the read tables follow core. Triggers on core note the keys that changed, in the transaction that changes them; a refresh,
-- later and alone, folds the notes to one per key and computes those rows again from what is committed. So a noted key is never
-- computed from a state before its change, two refreshes never overtake each other, and ingest pays for one small insert per
-- statement and nothing else.

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
        ('core.person_promotions', 'note_person_keys'), ('core.person_work_history', 'note_person_keys'),
        ('core.person_past_employer', 'note_person_keys'), ('core.person_signals', 'note_person_keys')
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
returns text[] language plpgsql set search_path = ''
  -- Each key is looked up, whatever the statistics say: after a load they are those of empty tables, and whole tables would be joined for every batch.
  set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_columns text;
  v_stored text;
  v_offered text;
  v_computed text;
  v_changed text[];
begin
  select string_agg(quote_ident(found.name), ', ' order by found.place), string_agg(format('stored.%I', found.name), ', ' order by found.place),
         string_agg(format('excluded.%I', found.name), ', ' order by found.place), string_agg(format('fact.%I', found.name), ', ' order by found.place)
    into v_columns, v_stored, v_offered, v_computed
    from etl.columns_of(merge_rows.target) as found;
  execute format(
    $sql$
    with fact as materialized (
      select %4$s from %2$s where %3$I = any ($1)
    ), gone as (
      delete from %1$s as stored
       where stored.%3$I = any (array(select unnest($1) except select fact.%3$I from fact))
      returning stored.%3$I
    ), merged as (
      insert into %1$s (%4$s)
      select %7$s
        from fact
        left join %1$s as stored on stored.%3$I = fact.%3$I
       where stored.%3$I is null
          or (%5$s) is distinct from (%7$s)
          on conflict (%3$I) do update set (%4$s) = row (%6$s)
      returning %3$I
    )
    select array(select gone.%3$I from gone union all select merged.%3$I from merged)
    $sql$, merge_rows.target, merge_rows.facts, merge_rows.key_column, v_columns, v_stored, v_offered, v_computed
  ) into v_changed using merge_rows.keys;
  return v_changed;
end;
$$;
comment on function api.merge_rows(text, text, text, text[]) is
  'Makes the rows of a read table that have the given keys equal to those of its facts. Gives the keys whose row changed, came or went.';

create or replace function api.learn_words(searches tsvector[])
returns void language sql set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
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
returns void language sql set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
  insert into api.vocabulary (field, value)
  select seen.field, seen.value
    from (
      select fact.field, fact.value
        from api.lead_rows as lead
       cross join lateral (
         values ('matched_cleaned_job_title', lead.matched_cleaned_job_title), ('matched_job_function', lead.matched_job_function),
                ('matched_seniority', lead.matched_seniority), ('person_city', lead.person_city), ('person_state', lead.person_state),
                ('person_country', lead.person_country)
       ) as fact (field, value)
       where lead.linkedin_url = any (learn_values.linkedin_urls)
      union
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
  v_after tsvector[];
begin
  if cardinality(refresh_keys.company_domains) > 0 then
    v_before := array(select stored.search from api.company_rows as stored where stored.domain = any (refresh_keys.company_domains));
    v_companies := api.merge_rows('api.company_rows', 'api.company_facts', 'domain', refresh_keys.company_domains);
    -- Everyone there shows the company: looked at later, part by part, however many they are.
    insert into api.due_keys as due (kind, key)
    select 'staff', changed.domain from unnest(v_companies) as changed (domain)
        on conflict (kind, key) do update set after = null where due.after is not null;
  end if;
  if cardinality(refresh_keys.linkedin_urls) > 0 then
    v_before := v_before || array(select stored.search from api.lead_rows as stored where stored.linkedin_url = any (refresh_keys.linkedin_urls));
    v_people := api.merge_rows('api.lead_rows', 'api.lead_facts', 'linkedin_url', refresh_keys.linkedin_urls);
  end if;
  if cardinality(v_companies) + cardinality(v_people) > 0 then
    perform api.learn_values(v_companies, v_people);
    v_after := array(select stored.search from api.company_rows as stored where stored.domain = any (refresh_keys.company_domains))
      || array(select stored.search from api.lead_rows as stored where stored.linkedin_url = any (refresh_keys.linkedin_urls));
    perform api.learn_words(v_after);
    -- Only words that no row of these has any more are looked for in all the others.
    if cardinality(v_before) > 0 then
      perform api.unlearn_words(array(select old.word from api.words_in(v_before) as old (word) except select kept.word from api.words_in(v_after) as kept (word)));
    end if;
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

create or replace function api.fold_changed_keys(most integer)
returns integer language sql set search_path = '' as $$
  -- By place in the table, as only the holder of the lock deletes here, and nobody updates.
  with taken as (
    delete from api.changed_keys as noted
     where noted.ctid = any (array(select oldest.ctid from api.changed_keys as oldest order by oldest.id limit fold_changed_keys.most))
    returning noted.id, noted.kind, noted.key
  ), folded as (
    insert into api.due_keys as due (kind, key)
    select taken.kind, taken.key from taken group by taken.kind, taken.key order by min(taken.id)
        on conflict (kind, key) do update set after = null where due.after is not null
  )
  select count(*)::integer from taken;
$$;
comment on function api.fold_changed_keys(integer) is
  'Moves the oldest notes, at most so many, to api.due_keys, where a key is once however often it changed. Gives the number moved. The caller holds api.lock_reads().';

create or replace function api.take_due_keys(kind text, most integer)
returns text[] language sql set search_path = '' as $$
  with taken as (
    delete from api.due_keys as due
     where due.ctid = any (
       array(select oldest.ctid from api.due_keys as oldest where oldest.kind = take_due_keys.kind order by oldest.id limit take_due_keys.most)
     )
    returning due.key
  )
  select array(select taken.key from taken);
$$;
comment on function api.take_due_keys(text, integer) is
  'Takes the oldest due keys of a kind, at most so many, out of api.due_keys. The caller computes them in this transaction, and holds api.lock_reads().';

create or replace function api.walk_staff(most integer, part integer default 1000)
returns integer language plpgsql set search_path = '' set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  v_domains text[];
  v_after text[];
begin
  with taken as (
    delete from api.due_keys as due
     where due.ctid = any (array(select oldest.ctid from api.due_keys as oldest where oldest.kind = 'staff' order by oldest.id limit walk_staff.most))
    returning due.key, due.after
  )
  select array_agg(taken.key), array_agg(taken.after) into v_domains, v_after from taken;

  -- Of those who have a row, only the ones whose row shows something else. Who has none yet is due on his own account.
  with staff as materialized (
    select walked.domain, person.linkedin_url
      from unnest(v_domains, v_after) as walked (domain, after)
     cross join lateral (
       select employed.linkedin_url
         from core.people as employed
        where employed.core_company_id = etl.record_id('core.companies', walked.domain)
          and employed.linkedin_url > coalesce(walked.after, '')
        order by employed.linkedin_url
        limit walk_staff.part
     ) as person
  )
  insert into api.due_keys as due (kind, key, after)
  select 'person', lead.linkedin_url, null
    from staff
    join api.lead_rows as lead on lead.linkedin_url = staff.linkedin_url
    left join api.company_rows as company on company.domain = staff.domain
   where (lead.company_id, lead.company_domain, lead.company_name, lead.company_linkedin_url, lead.company_city, lead.company_state, lead.company_country,
          lead.matched_industry, lead.employee_range, lead.company_type, lead.funding_range, lead.revenue_range, lead.is_b2b, lead.is_b2c, lead.vc_names)
         is distinct from
         (company.id, company.domain, company.name, company.linkedin_url, company.company_city, company.company_state, company.company_country,
          company.matched_industry, company.employee_range, company.company_type, company.funding_range, company.revenue_range, company.is_b2b, company.is_b2c,
          company.vc_names)
  union all
  select 'staff', staff.domain, max(staff.linkedin_url) from staff group by staff.domain having count(*) = walk_staff.part
      on conflict do nothing;
  return coalesce(cardinality(v_domains), 0);
end;
$$;
comment on function api.walk_staff(integer, integer) is
  'For the companies that changed, at most so many: makes the next part of their people due, and the company again when there are more. Gives the number of companies. The caller holds api.lock_reads().';

create or replace function api.reads_are_behind()
returns boolean language sql stable set search_path = '' as $$
  select exists (select from api.changed_keys) or exists (select from api.due_keys);
$$;
comment on function api.reads_are_behind() is 'Whether a change of core is noted that the read tables do not show yet.';

create or replace function api.refresh_reads(most integer default 5000)
returns jsonb language plpgsql set search_path = '' as $$
declare
  c_folded constant integer := 20000;
  c_walked constant integer := 200;
  v_done integer := 0;
  v_changed integer := 0;
  v_companies text[];
  v_people text[];
begin
  if api.lock_reads(may_wait => false) then
    v_done := api.fold_changed_keys(c_folded);
    -- All notes are folded before the first key is computed, so that a long backlog costs one computation per key.
    if v_done < c_folded then
      v_companies := api.take_due_keys('company', refresh_reads.most);
      v_changed := api.refresh_keys(v_companies, '{}');
      v_done := cardinality(v_companies);
      -- People show their company, so they come when no company is left that would change them once more.
      if v_done < refresh_reads.most then
        v_done := v_done + api.walk_staff(c_walked);
        v_people := api.take_due_keys('person', refresh_reads.most - cardinality(v_companies));
        v_changed := v_changed + api.refresh_keys('{}', v_people);
        v_done := v_done + cardinality(v_people);
      end if;
    end if;
  end if;
  return jsonb_build_object('done', v_done, 'changed', v_changed, 'remaining', api.reads_are_behind());
end;
$$;
comment on function api.refresh_reads(integer) is
  'Works off changes of core: folds noted keys, or computes the rows of the oldest due ones, at most so many: {done: keys, changed: rows, remaining}. Does nothing while another transaction refreshes. Called by the worker.';

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
  delete from api.due_keys as due where due.key = forget_reads.key;
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
