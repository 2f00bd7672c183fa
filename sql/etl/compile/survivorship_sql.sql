create or replace function etl.ranking_sql(ranking text[], source_sql text, keeps_earliest boolean)
returns text language sql immutable set search_path = '' as $$
  -- keeps_earliest false: the rank of a source, 1 the best. True: whether its tier keeps the earliest observation.
  with entry as (
    select item.position::integer as position,
           regexp_replace(item.value, '\s+first\s*$', '') as sources,
           item.value ~ '\s+first\s*$' as is_early
      from unnest(ranking_sql.ranking) with ordinality as item (value, position)
  ), named as (
    select string_agg(
      format('when %s in (%s) then %s', ranking_sql.source_sql,
        (select string_agg(quote_literal(btrim(name.value)), ', ') from unnest(string_to_array(entry.sources, ',')) as name (value)),
        case when ranking_sql.keeps_earliest then entry.is_early::text else entry.position::text end
      ), ' ' order by entry.position
    ) as branches
      from entry
     where btrim(entry.sources) <> '*'
  ), other as (
    select coalesce(
      (select case when ranking_sql.keeps_earliest then entry.is_early::text else entry.position::text end from entry where btrim(entry.sources) = '*'),
      case when ranking_sql.keeps_earliest then 'false' else (cardinality(ranking_sql.ranking) + 1)::text end
    ) as branch
  )
  select case when named.branches is null then other.branch else format('case %s else %s end', named.branches, other.branch) end
    from named
   cross join other;
$$;
comment on function etl.ranking_sql(text[], text, boolean) is 'SQL for the rank of a source in a ranking (1 the best), or for whether its tier keeps the earliest observation.';

create or replace function etl.best_first_sql(rule text, richness text[], ranking text[], source_sql text, content_sql text)
returns text language sql immutable set search_path = '' as $$
  select case best_first_sql.rule
    when 'first' then 'observed_at, raw_payload_id'
    when 'set' then 'observed_at, raw_payload_id'
    when 'latest' then 'observed_at desc, raw_payload_id desc'
    when 'replace' then 'observed_at desc, raw_payload_id desc'
    when 'richest' then
      coalesce('num_nonnulls(' || etl.column_list(best_first_sql.richness) || ') desc, ', '') || 'observed_at desc, raw_payload_id desc'
    when 'priority' then
      format(
        '%1$s, case when %2$s then observed_at end, case when %2$s then raw_payload_id end, observed_at desc, raw_payload_id desc',
        -- a bare number in "order by" would be a column position
        '(' || etl.ranking_sql(best_first_sql.ranking, best_first_sql.source_sql, false) || ') + 0',
        etl.ranking_sql(best_first_sql.ranking, best_first_sql.source_sql, true)
      )
  end || coalesce(', ' || best_first_sql.content_sql || ' desc', '');
$$;
comment on function etl.best_first_sql(text, text[], text[], text, text) is
  'SQL of the "order by" list that puts the surviving candidate first under a survivorship rule; the content of the row decides last.';

create or replace function etl.outranks_sql(
  rule text,
  richness text[],
  ranking text[],
  candidate_sql text,
  stored_sql text,
  content text[] default '{}'
)
returns text language plpgsql immutable set search_path = '' as $$
declare
  -- candidate_sql and stored_sql are aliases with the columns source, observed_at and raw_payload_id.
  v_candidate constant text := format('%1$s.observed_at, %1$s.raw_payload_id', candidate_sql);
  v_stored constant text := format('%1$s.observed_at, %1$s.raw_payload_id', stored_sql);
  v_candidate_content constant text := coalesce(', ' || etl.row_text(content, candidate_sql), '');
  v_stored_content constant text := coalesce(', ' || etl.row_text(content, stored_sql), '');
  v_earlier constant text := case
    when cardinality(content) > 0 then
      format('((%1$s) < (%2$s) or ((%1$s) = (%2$s) and %3$s > %4$s))', v_candidate, v_stored, etl.row_text(content, candidate_sql), etl.row_text(content, stored_sql))
    else format('(%s) < (%s)', v_candidate, v_stored)
  end;
  v_later constant text := format('(%s%s) > (%s%s)', v_candidate, v_candidate_content, v_stored, v_stored_content);
begin
  return case outranks_sql.rule
    when 'first' then v_earlier
    when 'set' then v_earlier
    when 'latest' then v_later
    when 'richest' then format(
      '(num_nonnulls(%s), %s%s) > (num_nonnulls(%s), %s%s)',
      etl.column_list(outranks_sql.richness, candidate_sql), v_candidate, v_candidate_content,
      etl.column_list(outranks_sql.richness, stored_sql), v_stored, v_stored_content
    )
    when 'priority' then format(
      '(%1$s < %2$s or (%1$s = %2$s and case when %3$s then %4$s else %5$s end))',
      etl.ranking_sql(outranks_sql.ranking, candidate_sql || '.source', false), etl.ranking_sql(outranks_sql.ranking, stored_sql || '.source', false),
      etl.ranking_sql(outranks_sql.ranking, candidate_sql || '.source', true), v_earlier, v_later
    )
  end;
end;
$$;
comment on function etl.outranks_sql(text, text[], text[], text, text, text[]) is
  'SQL that is true when the row of the first alias survives against the row of the second: the same total order as etl.best_first_sql.';
