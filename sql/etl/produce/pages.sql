create or replace function etl.claim_page(url text, fetcher uuid, kept_for interval, lease interval default '60 seconds', production_id uuid default null)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_page etl.pages;
begin
  if claim_page.production_id is not null then
    perform etl.held_production(claim_page.production_id, claim_page.fetcher);
  end if;
  insert into etl.pages (url) values (claim_page.url) on conflict do nothing;
  select known.* into v_page from etl.pages as known where known.url = claim_page.url for update;
  if v_page.fetched_at > clock_timestamp() - claim_page.kept_for then
    return jsonb_build_object('do', 'use', 'page', etl.page_reference(v_page));
  end if;
  if v_page.fetching_until > clock_timestamp() and v_page.fetcher <> claim_page.fetcher then
    return jsonb_build_object('do', 'wait');
  end if;
  update etl.pages as known
     set fetcher = claim_page.fetcher, fetching_until = clock_timestamp() + claim_page.lease
   where known.url = claim_page.url;
  return jsonb_build_object('do', 'fetch', 'etag', case when v_page.content_hash is not null then v_page.etag end, 'last_modified', case when v_page.content_hash is not null then v_page.last_modified end);
end;
$$;
comment on function etl.claim_page(text, uuid, interval, interval, uuid) is
  'Asks for a web page: {do: use, page} when it was read within kept_for, {do: fetch, etag, last_modified} when the caller is to fetch it (nobody else will during the lease), {do: wait} while another fetches it. production_id: what it is read for, of which fetcher is the claim; raises LOSTC when that is held no more.';

create or replace function etl.page_reference(page etl.pages)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
    'url', (page_reference.page).url, 'final_url', (page_reference.page).final_url, 'status', (page_reference.page).status,
    'content_hash', (page_reference.page).content_hash, 'fetched_at', (page_reference.page).fetched_at
  );
$$;
comment on function etl.page_reference(etl.pages) is 'A page as productions and payloads refer to it: addresses, status, content hash, time.';

create or replace function etl.keep_page(
  url text, fetcher uuid, final_url text, status integer, content jsonb, etag text default null, last_modified text default null
)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_page etl.pages;
  v_hash text;
begin
  perform from etl.pages as known where known.url = keep_page.url for update;
  if not found then
    raise exception 'The page % is not wanted any more', keep_page.url
      using errcode = 'LOSTC', hint = 'What it was read for was erased meanwhile.';
  end if;
  if content is not null then
    v_hash := encode(sha256(convert_to(content::text, 'UTF8')), 'hex');
    insert into etl.page_contents (content_hash, title, description, text, links, is_cut)
    values (v_hash, content ->> 'title', content ->> 'description', coalesce(content ->> 'text', ''), coalesce(content -> 'links', '[]'), coalesce((content ->> 'is_cut')::boolean, false))
        on conflict do nothing;
  end if;
  update etl.pages as known
     set final_url = keep_page.final_url,
         status = keep_page.status,
         content_hash = coalesce(v_hash, known.content_hash),
         etag = coalesce(keep_page.etag, case when v_hash is null then known.etag end),
         last_modified = coalesce(keep_page.last_modified, case when v_hash is null then known.last_modified end),
         fetched_at = clock_timestamp(),
         fetcher = null,
         fetching_until = null
   where known.url = keep_page.url
  returning known.* into v_page;
  return etl.page_reference(v_page);
end;
$$;
comment on function etl.keep_page(text, uuid, text, integer, jsonb, text, text) is 'Keeps a page that was fetched; content null: the site says that what is kept still holds (304). Gives the reference to it. Raises LOSTC when it was erased meanwhile (etl.forget): then nothing is kept.';

create or replace function etl.drop_page_claim(url text, fetcher uuid)
returns void language sql set search_path = '' as $$
  update etl.pages as known
     set fetcher = null, fetching_until = null
   where known.url = drop_page_claim.url
     and known.fetcher = drop_page_claim.fetcher;
$$;
comment on function etl.drop_page_claim(text, uuid) is 'Lets others fetch a page that could not be fetched.';
