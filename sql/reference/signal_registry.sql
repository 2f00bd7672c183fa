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

create or replace function reference.client_objections(client_domain jsonb)
returns jsonb language sql immutable parallel safe set search_path = '' as $$
  select '[{"pointer": "/client_domain", "detail": "Expected the domain of the client, such as client.example."}]'::jsonb
   where etl.normalize_domain(etl.as_text(client_objections.client_domain)) is null;
$$;
comment on function reference.client_objections(jsonb) is 'Why the client_domain of a body is refused: [{pointer, detail}], or null when it is a domain.';
