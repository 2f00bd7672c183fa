create or replace function core.readable_title(input text)
returns text language sql immutable parallel safe set search_path = '' as $$
  with spaced as (
    select regexp_replace(
      regexp_replace(readable_title.input, '([[:lower:]])([[:upper:]])', '\1 \2', 'g'), '([[:upper:]]+)([[:upper:]][[:lower:]])', '\1 \2', 'g'
    ) as title
  ), joined as (
    -- acronyms of mixed case, which the spacing tears apart
    select regexp_replace(regexp_replace(regexp_replace(
      spaced.title, '\mdev ?sec ?ops\M', 'devsecops', 'gi'), '\mdev ops\M', 'devops', 'gi'), '\msaa s\M', 'saas', 'gi'
    ) as title
      from spaced
  ), part as (
    -- words, and what is between them; an apostrophe belongs to its word
    select found.match[1] as text, found.ordinality, row_number() over (partition by found.match[1] ~ '[[:alpha:]]' order by found.ordinality) as place
      from joined
     cross join lateral regexp_matches(btrim(regexp_replace(joined.title, '\s+', ' ', 'g')), '[[:alpha:]''’]+|[^[:alpha:]''’]+', 'g') with ordinality as found (match, ordinality)
  )
  select string_agg(
    case
      when acronym.spelling is not null then acronym.spelling
      when lower(part.text) in ('of', 'and', 'the', 'for', 'in', 'at', 'to', 'with') and part.place > 1 then lower(part.text)
      else upper(left(part.text, 1)) || lower(substr(part.text, 2))
    end, '' order by part.ordinality
  )
    from part
    left join unnest(array[
      'VP', 'CEO', 'CFO', 'CTO', 'CIO', 'COO', 'CMO', 'CRO', 'CSO', 'CISO', 'CPO', 'CHRO', 'SVP', 'EVP', 'AVP', 'IT', 'HR', 'GRC', 'SDR', 'BDR', 'AE', 'AM',
      'CSM', 'PM', 'UX', 'UI', 'QA', 'DevOps', 'DevSecOps', 'SaaS', 'API', 'CRM', 'ERP'
    ]) as acronym (spelling) on lower(acronym.spelling) = lower(part.text);
$$;
comment on function core.readable_title(text) is
  'A job title out of camelCase: "chiefInformationSecurityOfficer" becomes "Chief Information Security Officer", "vpOfSecurity" "VP of Security".';

create or replace function core.readable_titles(input jsonb)
returns jsonb language sql immutable parallel safe set search_path = '' as $$
  select coalesce(jsonb_agg(core.readable_title(title.item) order by title.ordinality), '[]') from etl.text_elements(readable_titles.input) as title;
$$;
comment on function core.readable_titles(jsonb) is 'core.readable_title(text) of every usable string of a JSON array, in order; an empty array for anything else.';
