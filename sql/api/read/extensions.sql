-- Both are part of PostgreSQL and trusted, so that who owns the database may install them, where they are packaged with the server.
-- With pg_trgm, misspelt words find their like, and a part of a word is looked up by index; without it, a word must be right as far as it goes.
-- With btree_gin, rows are found by any of the filters together.
do $$
declare
  v_extension text;
begin
  foreach v_extension in array '{pg_trgm,btree_gin}'::text[] loop
    if exists (select from pg_available_extensions as available where available.name = v_extension and available.installed_version is null) then
      begin
        execute format('create extension %I with schema public', v_extension);
      exception when insufficient_privilege or feature_not_supported then
        raise notice '% is there but may not be installed by this role: lists go without it.', v_extension;
      end;
    end if;
  end loop;
end;
$$;

create or replace function api.index_filters(target text, columns text[])
returns void language plpgsql set search_path = '' as $$
declare
  v_table constant text := split_part(index_filters.target, '.', 2);
  v_column text;
begin
  if exists (select from pg_catalog.pg_extension where extname = 'btree_gin') then
    -- Rows that meet several filters are found within the index.
    execute format('create index if not exists %I on api.%I using gin (%s)', v_table || '_filters_idx', v_table,
      (select string_agg(quote_ident(item.name), ', ' order by item.place) from unnest(index_filters.columns) with ordinality as item (name, place)));
    foreach v_column in array index_filters.columns loop
      execute format('drop index if exists api.%I', v_table || '_' || v_column || '_idx');
    end loop;
  else
    foreach v_column in array index_filters.columns loop
      execute format('create index if not exists %I on api.%I (%I)', v_table || '_' || v_column || '_idx', v_table, v_column);
    end loop;
  end if;
end;
$$;
comment on function api.index_filters(text, text[]) is
  'Makes the indexes for filters on these columns of a table of schema api: one over all with btree_gin, else one for each, and drops those of the other kind.';

create or replace function api.use_extensions()
returns void language plpgsql set search_path = '' as $$
declare
  v_schema constant text := api.trigram_schema();
  v_index regclass;
begin
  if v_schema is not null then
    execute format('create index if not exists words_trigram_idx on api.words using gin (word %I.gin_trgm_ops)', v_schema);
    execute format('create index if not exists lead_rows_full_name_trigram_idx on api.lead_rows using gin (etl.fold(full_name) %I.gin_trgm_ops)', v_schema);
    execute format('create index if not exists vocabulary_trigram_idx on api.vocabulary using gin (match_key %I.gin_trgm_ops)', v_schema);
  end if;
  perform api.index_filters('api.company_rows', '{matched_industry,employee_range,company_city,company_state,company_country,funding_range,revenue_range}');
  perform api.index_filters(
    'api.lead_rows',
    '{matched_job_function,matched_seniority,matched_cleaned_job_title,matched_industry,employee_range,person_city,person_state,person_country,company_city,company_state,company_country,funding_range,revenue_range}'
  );
  -- Every search reads the list of what was written since from end to end, so it is kept short.
  for v_index in
    select indexed.indexrelid
      from pg_catalog.pg_index as indexed
      join pg_catalog.pg_class as index on index.oid = indexed.indexrelid
      join pg_catalog.pg_am as method on method.oid = index.relam
     where indexed.indrelid in ('api.lead_rows'::regclass, 'api.company_rows'::regclass)
       and method.amname = 'gin'
  loop
    execute format('alter index %s set (gin_pending_list_limit = 512)', v_index);
  end loop;
end;
$$;
comment on function api.use_extensions() is
  'Makes the indexes of the read tables that need pg_trgm or btree_gin, and those that stand in for them: call it after installing one of them later.';
select api.use_extensions();
