create or replace function api.similar_pending(most integer default 500, after integer default 0)
returns jsonb language sql stable set search_path = '' as $$
  select jsonb_build_object(
      'success', true, 'pending_domains', coalesce((
        select jsonb_agg(page.domain order by page.domain)
          from (select pending.domain from core.similar_pending as pending order by pending.domain limit similar_pending.most offset similar_pending.after) as page
      ), '[]'), 'total', counted.total, 'limit', similar_pending.most, 'offset', similar_pending.after, 'has_more', counted.total > similar_pending.after + similar_pending.most
    )
    from (select count(*) as total from core.similar_pending) as counted;
$$;
comment on function api.similar_pending(integer, integer) is 'Domains of customers whose similar companies nobody has asked about, sorted, a page of them.';
