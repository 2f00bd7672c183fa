create or replace function api.target_view(slug text)
returns jsonb language sql stable set search_path = '' as $$
  select to_jsonb(saved)
    from core.target_client_views as saved
   where saved.domain in (
     select setting.domain
       from core.target_client_view_settings as setting
      where coalesce(setting.slug, core.slug(setting.domain)) = lower(target_view.slug)
   )
   -- Slugs are unique as far as they were saved here; of two, the older link keeps working.
   order by saved.created_at, saved.domain
   limit 1;
$$;
comment on function api.target_view(text) is 'A saved lead view by its slug: {id, domain, name, slug, filters, endpoint, created_at, updated_at}; null when there is none.';

create or replace function api.save_target_view(domain text, filters jsonb, name text default null, endpoint text default null)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_answer jsonb;
begin
  -- Of two companies that come to the same slug at once, the second is told so.
  perform pg_advisory_xact_lock(hashtextextended('slug of a view ' || core.slug(etl.normalize_domain(save_target_view.domain)), 0));
  if core.slug_taken(etl.normalize_domain(save_target_view.domain), save_target_view.domain) is not null and not exists (
    select from core.target_client_view_settings as setting where setting.domain = etl.normalize_domain(save_target_view.domain)
  ) then
    raise exception '"%" would have the slug of another view', save_target_view.domain
      using errcode = 'BADRQ', detail = '[{"pointer": "/domain", "detail": "would have the slug of another view"}]',
            hint = 'Give it a slug of its own first: POST /run/target-client/views/create with domain and slug.';
  end if;
  v_answer := etl.ingest('target-view-upsert', jsonb_strip_nulls(jsonb_build_object(
    'domain', save_target_view.domain, 'name', save_target_view.name, 'filters', save_target_view.filters, 'endpoint', save_target_view.endpoint
  )));
  return jsonb_build_object('data', v_answer -> 'data', 'url', v_answer -> 'url');
end;
$$;
comment on function api.save_target_view(text, jsonb, text, text) is
  'Saves the lead view of a company, as the workflow target-view-upsert does; what is left out stays: {data, url}. Raises BADRQ when another view has the slug, BADKY, FORGT.';

create or replace function api.delete_target_view(slug text)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_domain constant text := api.target_view(delete_target_view.slug) ->> 'domain';
  v_ids uuid[];
begin
  if v_domain is null then
    return null;
  end if;
  perform from etl.records as known where known.entity_key = v_domain for update;
  -- Core is a function of the payloads, so that the view goes with those that asked for it.
  v_ids := array(
    select payload.id from raw.payloads as payload where payload.family = 'target_client_view_payloads' and payload.entity_key = v_domain
  );
  delete from etl.pending_payloads as pending where pending.payload_id = any (v_ids);
  delete from etl.failures as failure where failure.payload_id = any (v_ids);
  delete from etl.payload_warnings as warning where warning.payload_id = any (v_ids);
  delete from etl.mentions as mention where mention.payload_id = any (v_ids);
  delete from raw.payloads as payload where payload.family = 'target_client_view_payloads' and payload.id = any (v_ids);
  perform etl.rebuild_keys(array[v_domain]);
  return jsonb_build_object('message', 'View deleted', 'slug', lower(delete_target_view.slug));
end;
$$;
comment on function api.delete_target_view(text) is 'Deletes a saved lead view, with the payloads that asked for it: {message, slug}; null when there is none of this slug.';

do $$
declare
  c_view constant jsonb := jsonb_set(api.object_schema('id uuid', 'domain', 'name', 'slug', 'filters json', 'endpoint', 'created_at timestamptz', 'updated_at timestamptz'),
    '{properties,filters}', '{"type": "object"}');
begin
  perform api.call('save_target_view', '/api/target-views', 'Save the lead view of a company',
    jsonb_build_object('type', 'object', 'required', '["data", "url"]'::jsonb, 'properties', jsonb_build_object('data', c_view, 'url', '{"type": "string", "description": "/v/ and the slug."}'::jsonb)),
    jsonb_build_array(
      api.parameter('domain', 'text', 'Domain of the company, in any spelling.', place => 'body', required => true, more => '{"minLength": 1, "example": "acme.example"}'),
      api.parameter('filters', 'object', 'Parameters of the endpoint.', place => 'body', required => true, more => '{"example": {"industry": "Software Development"}}'),
      api.parameter('name', 'text', 'Title; left out: as it was, at first the name of the company.', place => 'body'),
      api.parameter('endpoint', 'text', 'Left out: as it was, at first /api/leads.', place => 'body')),
    method => 'post', scope => 'ingest', tag => 'target views');
  perform api.call('target_view', '/api/target-views/:slug', 'A saved lead view', c_view,
    jsonb_build_array(api.parameter('slug', 'text', 'Slug of the view.', place => 'path', required => true)), missing => 'View not found.', tag => 'target views');
  perform api.call('delete_target_view', '/api/target-views/:slug', 'Delete a saved lead view', api.object_schema('message', 'slug'),
    jsonb_build_array(api.parameter('slug', 'text', 'Slug of the view.', place => 'path', required => true)), method => 'delete', scope => 'ingest', missing => 'View not found.', tag => 'target views');
end;
$$;

select api.list('target_views', '/api/target-views', 'Saved lead views', 'core.target_client_views as saved',
  api.columns('id uuid = saved.id', 'domain text = saved.domain', 'name text = saved.name', 'slug text = saved.slug', 'filters jsonb = saved.filters', 'endpoint text = saved.endpoint',
    'created_at timestamptz = saved.created_at', 'updated_at timestamptz = saved.updated_at'),
  '{saved.domain}',
  jsonb_build_array(api.parameter('domain', 'domain', 'Domain of the company, in any spelling: any of these.', 'equals', 'saved.domain', is_list => true)), tag => 'target views');

select api.list('client_leads', '/api/client-leads', 'Leads of clients', 'client.leads as lead',
  api.columns_from('lead', 'id uuid', 'client_domain', 'first_name', 'last_name', 'full_name', 'person_linkedin_url', 'work_email', 'company_domain', 'company_name',
    'company_linkedin_url', 'source', 'client_form_id', 'client_form_title', 'created_at timestamptz', 'updated_at timestamptz'),
  '{lead.client_domain,lead.created_at,lead.id}',
  jsonb_build_array(api.parameter('client_domain', 'domain', 'Domain of the client. A key with a tenant sees its own only.', 'equals', 'lead.client_domain')), tag => 'leads');
select api.list('target_client_leads', '/api/target-client-leads', 'Leads for demos of target clients', 'target_client.leads as lead',
  api.columns_from('lead', 'id uuid', 'target_client_domain', 'first_name', 'last_name', 'full_name', 'person_linkedin_url', 'work_email', 'company_domain', 'company_name',
    'company_linkedin_url', 'source', 'form_id', 'form_title', 'core_company_id uuid', 'core_person_id uuid', 'created_at timestamptz', 'updated_at timestamptz'),
  '{lead.target_client_domain,lead.created_at,lead.id}',
  jsonb_build_array(api.parameter('target_client_domain', 'domain', 'Domain of the target client. A key with a tenant sees its own only.', 'equals', 'lead.target_client_domain')), tag => 'leads');
