-- Reference files and forms give JSON as text; it is stored as the JSON that it spells.
create or replace function reference.read_json_text()
returns trigger language plpgsql set search_path = '' as $$
begin
  if jsonb_typeof(new.required_inputs) = 'string' then
    new.required_inputs := (new.required_inputs #>> '{}')::jsonb;
  end if;
  if jsonb_typeof(new.output_fields) = 'string' then
    new.output_fields := (new.output_fields #>> '{}')::jsonb;
  end if;
  new.updated_at := now();
  return new;
end;
$$;
comment on function reference.read_json_text() is
  'Trigger function on reference.signal_registry: takes required_inputs and output_fields that were given as JSON text for what they spell, and keeps updated_at.';

create or replace trigger read_json_text before insert or update on reference.signal_registry
for each row execute function reference.read_json_text();

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
