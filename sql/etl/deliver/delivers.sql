create or replace function etl.delivers(
  workflow_slug text,
  as_select text,
  adds text default null,
  index_field text default null,
  required text[] default '{}',
  on_sent text default null,
  takes_file boolean default false,
  url_field text default 'webhook_url',
  also_as jsonb default '{}',
  tenant_field text default null
)
returns void language plpgsql set search_path = '' as $$
declare
  v_source constant text := 'with source as (select null::jsonb as request), chosen as (%s) select chosen.* from chosen';
  v_columns text[];
begin
  if not exists (
    select
      from reference.enrichment_workflow_registry as registered
     where registered.workflow_slug = delivers.workflow_slug and registered.workflow_type = 'delivery'
  ) then
    perform etl.refuse_declaration(format('"%s" is not registered as a workflow of type delivery', delivers.workflow_slug));
  end if;
  if not exists (
    select
      from reference.enrichment_workflow_registry as registered
     where registered.workflow_slug = delivers.workflow_slug and registered.request_schema -> 'required' ? delivers.url_field
  ) then
    perform etl.refuse_declaration(format('The request schema of "%s" does not require %s, where a delivery goes', delivers.workflow_slug, delivers.url_field));
  end if;
  select array_agg(probed.name order by probed.place) filter (where probed.name <> 'row_key') into v_columns
    from etl.probe(format(v_source, delivers.as_select), format('The rows that "%s" delivers', delivers.workflow_slug)) as probed;
  if v_columns is null then
    perform etl.refuse_declaration(format('The rows that "%s" delivers have no column to send', delivers.workflow_slug));
  end if;
  if delivers.adds is not null then
    perform etl.probe(format(v_source, delivers.adds), format('What "%s" adds to its rows', delivers.workflow_slug));
  end if;

  insert into etl.delivery_sources as stored (workflow_slug, as_select, columns, adds, index_field, required, on_sent, takes_file, url_field, also_as, tenant_field)
  values (
    delivers.workflow_slug, delivers.as_select, v_columns, delivers.adds, delivers.index_field, delivers.required, delivers.on_sent, delivers.takes_file,
    delivers.url_field, delivers.also_as, delivers.tenant_field
  )
      on conflict on constraint delivery_sources_pkey do update
     set as_select = excluded.as_select,
         columns = excluded.columns,
         adds = excluded.adds,
         index_field = excluded.index_field,
         required = excluded.required,
         on_sent = excluded.on_sent,
         takes_file = excluded.takes_file,
         url_field = excluded.url_field,
         also_as = excluded.also_as,
         tenant_field = excluded.tenant_field;
end;
$$;
comment on function etl.delivers(text, text, text, text, text[], text, boolean, text, jsonb, text) is
  'Declares what a delivery workflow sends to the URL in its request (url_field). as_select: the rows, over source (request), in order; its columns are the fields sent, or a single json column body is the object sent; '
  'a text column row_key is not sent but handed to on_sent ($1) once the receiver has accepted the row. adds: select over source that gives fields added to every row; index_field: field for the zero-based position; '
  'required: fields without which a row is skipped and reported; takes_file: the rows may also be uploaded as a file; also_as: second names for fields of the answer, {"delivery_id": "job_id"}; tenant_field: field of the request that names the tenant whose rows they are. Raises BADDL.';
