create or replace function etl.fills_latest(candidate text, candidate_origin jsonb, stored text, stored_origin jsonb)
returns boolean language sql immutable parallel safe as $$
  select candidate is not null and (
    stored is null
    or ((candidate_origin ->> 'observed_at') collate "C", (candidate_origin ->> 'raw_payload_id') collate "C", candidate collate "C")
     > ((stored_origin ->> 'observed_at') collate "C", (stored_origin ->> 'raw_payload_id') collate "C", stored collate "C")
  );
$$;
comment on function etl.fills_latest(text, jsonb, text, jsonb) is
  'Whether a candidate value replaces the stored one under the rule fill by latest: it is there, and newer by its origin (etl.origin). A null never replaces.';

create or replace function etl.fills_first(candidate text, candidate_origin jsonb, stored text, stored_origin jsonb)
returns boolean language sql immutable parallel safe as $$
  select candidate is not null and (
    stored is null
    or ((candidate_origin ->> 'observed_at') collate "C", (candidate_origin ->> 'raw_payload_id') collate "C")
     < ((stored_origin ->> 'observed_at') collate "C", (stored_origin ->> 'raw_payload_id') collate "C")
  );
$$;
comment on function etl.fills_first(text, jsonb, text, jsonb) is
  'Whether a candidate value replaces the stored one under the rule fill by first: it is there, and older by its origin (etl.origin). A null never replaces.';

create or replace function etl.fills_by_rank(
  candidate text,
  candidate_origin jsonb,
  candidate_rank integer,
  stored text,
  stored_origin jsonb,
  stored_rank integer,
  keeps_earliest boolean
)
returns boolean language sql immutable parallel safe as $$
  select candidate is not null and (
    stored is null
    or candidate_rank < stored_rank
    or candidate_rank = stored_rank and case when keeps_earliest
      then etl.fills_first(candidate, candidate_origin, stored, stored_origin)
      else etl.fills_latest(candidate, candidate_origin, stored, stored_origin)
    end
  );
$$;
comment on function etl.fills_by_rank(text, jsonb, integer, text, jsonb, integer, boolean) is
  'Whether a candidate value replaces the stored one under the rule fill by priority: it is there, and of a better source (rank 1 the best), or of an equal one and newer (older, where the tier keeps its earliest).';
