create or replace function core.slug_taken(slug text, domain text)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_array(jsonb_build_object('pointer', '/slug', 'detail', format('"%s" is the slug of another view.', core.slug(slug_taken.slug))))
   where exists (
     select
       from core.target_client_view_settings as other
      where coalesce(other.slug, core.slug(other.domain)) = core.slug(slug_taken.slug)
        and other.domain <> etl.normalize_domain(slug_taken.domain)
   );
$$;
comment on function core.slug_taken(text, text) is 'The refusal of a slug that is the one of another company''s view; null when it is free.';
