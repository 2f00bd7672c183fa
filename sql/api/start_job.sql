create or replace function api.start_job(request jsonb)
returns jsonb language plpgsql set search_path = '' as $$
declare
  v_common constant jsonb := case jsonb_typeof(request -> 'with') when 'object' then request -> 'with' else '{}' end;
  v_bodies jsonb[];
  v_job_id uuid;
begin
  if etl.as_text(request -> 'workflow_slug') is null then
    raise exception 'Name the workflow of the job.' using errcode = 'BADRQ', detail = '/workflow_slug';
  end if;
  v_bodies := array(
    select v_common || case jsonb_typeof(item.element) when 'object' then item.element else jsonb_build_object('domain', item.element) end
      from etl.elements(coalesce(request -> 'bodies', request -> 'domains')) as item
     order by item.ordinality
  );
  v_job_id := etl.start_productions(request ->> 'workflow_slug', v_bodies, etl.as_text(request -> 'name'));
  return etl.job(v_job_id);
end;
$$;
comment on function api.start_job(jsonb) is
  'Starts a job: {workflow_slug, domains: [text] or bodies: [object], with: fields that all bodies share, name}; gives the job. Raises UNKWF, INAWF, BADRQ.';
