create or replace function core.quoted_people(people jsonb)
returns table (full_name text, job_title text, ordinality bigint) language sql immutable parallel safe rows 5 set search_path = '' as $$
  select etl.as_text(quoted.element -> 'fullName', 500), etl.as_text(quoted.element -> 'jobTitle'), quoted.ordinality
    from etl.elements(quoted_people.people) as quoted
   where etl.as_text(quoted.element -> 'fullName', 500) is not null;
$$;
comment on function core.quoted_people(jsonb) is 'The people [{fullName, jobTitle}] of a case study that have a name, with their position.';
