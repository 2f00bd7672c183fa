create or replace function reference.signal_objections(signal_slug jsonb, default_slug text, kind text)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_array(jsonb_build_object('pointer', '/signal_slug', 'detail', case
      when registered.signal_slug is null then format('Signal "%s" is not in reference.signal_registry.', left(asked.slug, 200))
      when not registered.is_active then format('Signal "%s" is not active.', asked.slug)
      else format('Signal "%s" is about %s, and this workflow about %s.', asked.slug, registered.signal_kind, signal_objections.kind)
    end))
    from (select coalesce(etl.as_text(signal_objections.signal_slug), signal_objections.default_slug) as slug) as asked
    left join reference.signal_registry as registered on registered.signal_slug = asked.slug
   where registered.signal_slug is null
      or not registered.is_active
      or registered.signal_kind <> signal_objections.kind;
$$;
comment on function reference.signal_objections(jsonb, text, text) is
  'Why the signal_slug of a body (default_slug when it gives none) is refused by a workflow for signals of that kind: [{pointer, detail}], or null.';
