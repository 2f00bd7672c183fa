create table if not exists reference.person_emails (
  id uuid not null,
  person_linkedin_url text not null,
  email text not null,
  first_name text,
  last_name text,
  full_name text,
  domain text,
  company_name text,
  source text not null,
  raw_payload_id uuid,
  observed_at timestamptz not null default '-infinity',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  constraint person_emails_record_key primary key (person_linkedin_url, email)
);
comment on table reference.person_emails is 'Working e-mails of people, in lower case, each with its first observation.';
create index if not exists person_emails_email_idx on reference.person_emails (email, observed_at, raw_payload_id);

create or replace view reference.email_to_person as
  select distinct on (known.email)
         known.id, known.email, known.person_linkedin_url, known.first_name, known.last_name, known.full_name, known.domain,
         known.company_name, known.source, known.raw_payload_id, known.created_at, known.updated_at
    from reference.person_emails as known
   order by known.email, known.observed_at, known.raw_payload_id, known.person_linkedin_url;
comment on view reference.email_to_person is 'Whose an e-mail is: the person it was first observed for.';
