-- What an ad library states about a company wins; what only follows from one page of it (source adyntel-page) stands in
-- as long as nothing better is known. So a later page never shrinks the number of ads to its own length.
select etl.golden('core.company_google_ads', entity => 'company', key => '{domain}', survives => 'fill', fill_order => 'priority', ranking => '{adyntel,adyntel-page}');
select etl.golden('core.company_linkedin_ads', entity => 'company', key => '{domain}', survives => 'fill', fill_order => 'priority', ranking => '{adyntel,adyntel-page}');
select etl.golden('core.company_meta_ads', entity => 'company', key => '{domain}', survives => 'fill', fill_order => 'priority', ranking => '{adyntel,adyntel-page}');

create or replace function core.ads_on_page(ads jsonb, counter jsonb)
returns table (ads_extracted integer, page_count integer, stated_count integer, total_ads integer, is_running_ads boolean)
language sql immutable parallel safe as $$
  select page.size, page.size,
         -- no ads and no counter: the library knows of none
         case when stated.count > 0 then stated.count when page.size = 0 then 0 end,
         case when stated.count > 0 then stated.count else page.size end,
         coalesce(stated.count, 0) > 0 or page.size > 0
    from (select count(*)::integer as size from etl.elements(ads) as ad where jsonb_typeof(ad.element) = 'object') as page
   cross join (select etl.as_integer(counter) as count) as stated;
$$;
comment on function core.ads_on_page(jsonb, jsonb) is
  'What one page of an ad library says as a whole, from its list of ads and its counter (number or digits; may be missing): usable ads on the page, the count it states (null when it has ads but no counter), the count to show, and whether ads run.';

create or replace function core.ad_id(input jsonb)
returns text language sql immutable parallel safe as $$
  select case when length(input #>> '{}') <= 500 then etl.as_text_or_number(input) end;
$$;
comment on function core.ad_id(jsonb) is 'The id of an ad, text or number; null above 500 characters, as it becomes part of a key.';

create or replace function core.ad_key(id text, ad jsonb)
returns text language sql immutable parallel safe as $$
  select coalesce(ad_key.id, 'md5:' || md5(ad_key.ad::text));
$$;
comment on function core.ad_key(text, jsonb) is 'What identifies an ad within a company: its id, or a hash of all of it where it has none.';

create or replace function core.ads_response_schema()
returns jsonb language sql immutable parallel safe as $$
  select '{
    "type": "object",
    "properties": {
      "success": {"type": "boolean"},
      "raw_id": {"type": "string", "format": "uuid", "description": "Id of the stored payload."},
      "domain": {"type": "string", "description": "The domain, normalised."},
      "ads_extracted": {"type": "integer", "description": "Ads of this page that could be used."},
      "total_ads": {"type": "integer", "description": "The count that the page states, else the number of its ads."},
      "is_running_ads": {"type": "boolean"},
      "warnings": {"type": "array", "items": {"type": "object"}, "description": "Fields that could not be used: they became null."}
    }
  }'::jsonb;
$$;
comment on function core.ads_response_schema() is 'What the three ad workflows answer.';

create or replace function core.ad_platforms(input jsonb)
returns text[] language sql immutable parallel safe as $$
  select coalesce(
    nullif(etl.as_text_array(input), '{}'),
    (select array_agg(part.item order by part.ordinality) from etl.split_list(etl.as_text(input)) as part)
  );
$$;
comment on function core.ad_platforms(jsonb) is 'The platforms of an array or of a comma-separated text; null when there are none.';
