create or replace function etl.erase_produced(entity_keys text[], landed jsonb)
returns void language plpgsql set search_path = '' as $$
declare
  v_urls text[];
  v_contents text[];
  v_files text[];
  v_claims uuid[];
begin
  with said as (
    select item.element -> 'pages' as pages, item.element -> 'body' as body, null::uuid as claim from etl.elements(landed) as item
    union all
    select production.gathered -> 'pages', production.body, production.claim
      from etl.productions as production
     where production.entity_key = any (erase_produced.entity_keys)
  )
  select array_agg(page.element ->> 'url'), array_agg(page.element ->> 'content_hash'), array_agg(said.claim), array_agg(file.value #>> '{}')
    into v_urls, v_contents, v_claims, v_files
    from said
    left join lateral etl.elements(said.pages) as page on true
    left join lateral jsonb_path_query(said.body, 'lax $.*.attachment') as file (value) on true;

  -- What is done goes. Who waits for the rest is told, and its job can end.
  perform etl.drop_calls(array(
    select call.id
      from etl.provider_calls as call
      join etl.productions as production on production.id = call.production_id
     where production.entity_key = any (erase_produced.entity_keys)
  ));
  delete from etl.productions as production
   where production.entity_key = any (erase_produced.entity_keys)
     and production.state not in ('pending', 'running');
  perform etl.end_forgotten(production.id)
     from etl.productions as production
    where production.entity_key = any (erase_produced.entity_keys)
    order by production.id;

  with dropped as (
    delete from etl.pages as page
     where etl.page_keys(page.url, page.final_url) && erase_produced.entity_keys
        or page.url = any (v_urls)
        -- Its page is being fetched right now: whoever does finds no row to keep it in.
        or page.fetcher = any (v_claims)
    returning page.content_hash
  )
  select v_contents || array_agg(dropped.content_hash) into v_contents from dropped;
  delete from etl.page_contents as content
   where content.content_hash = any (v_contents)
     and not exists (select from etl.pages as page where page.content_hash = content.content_hash);
  delete from etl.attachments as attachment where attachment.id = any (v_files);
end;
$$;
comment on function etl.erase_produced(text[], jsonb) is
  'Erases what productions about the given records (normalised keys) hold and brought: bodies, answers, calls (their costs stay summed), files, and the pages that were read for them or are theirs. What is under way ends with FORGT. landed: of what they landed [{pages, body}].';

create or replace function etl.end_forgotten(production_id uuid)
returns void language plpgsql set search_path = '' as $$
declare
  v_job_id uuid;
begin
  update etl.productions as production
     set state = 'failed', claim = null, leased_until = null, finished_at = now(), body = '{}', gathered = '{}', entity_key = null, result = null,
         error = jsonb_build_object('code', 'FORGT', 'detail', 'Its record was erased and is kept out.', 'failed_at', now())
   where production.id = end_forgotten.production_id
     and production.state in ('pending', 'running')
  returning production.job_id into v_job_id;
  if found then
    perform etl.count_ended(v_job_id, 1, 1, 'A record was erased and is kept out.');
  end if;
end;
$$;
comment on function etl.end_forgotten(uuid) is 'Ends a production whose record was erased: nothing of it stays but that it failed.';
