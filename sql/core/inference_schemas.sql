create or replace function core.knowledge_response_schema(properties jsonb)
returns jsonb language sql immutable parallel safe set search_path = '' as $$
  select core.ingest_response_schema('{"company_name": {"type": ["string", "null"], "description": "As sent."}}'::jsonb || knowledge_response_schema.properties || '{
    "input_tokens": {"type": ["integer", "null"], "description": "Tokens of the question."},
    "output_tokens": {"type": ["integer", "null"], "description": "Tokens of the answer, thinking included."},
    "cost_usd": {"type": ["number", "null"], "description": "By reference.model_prices, not rounded; null where no price is known."}
  }');
$$;
comment on function core.knowledge_response_schema(jsonb) is 'JSON Schema of the answer to a question about a company that the model answers from what it knows: the given properties, tokens and cost.';

create or replace function core.knowledge_request_schema(required jsonb)
returns jsonb language sql immutable parallel safe as $$
  select jsonb_build_object('type', 'object', 'required', knowledge_request_schema.required, 'properties', jsonb_build_object(
    'company_name', jsonb_build_object('type', case when required ? 'company_name' then '"string"'::jsonb else '["string", "null"]' end, 'description', 'Name of the company.'),
    'domain', jsonb_build_object('type', case when required ? 'domain' then '"string"'::jsonb else '["string", "null"]' end, 'description', 'Its domain. Without one the answer is given, but not stored under a company.'),
    'company_linkedin_url', '{"type": ["string", "null"], "description": "Its LinkedIn page."}'::jsonb
  ));
$$;
comment on function core.knowledge_request_schema(jsonb) is 'JSON Schema of the body of such a question; required: which of company_name, domain and company_linkedin_url have to be there.';

create or replace function core.homepage_request_schema()
returns jsonb language sql immutable parallel safe as $$
  select '{
    "type": "object",
    "required": ["domain"],
    "properties": {
      "domain": {"type": "string", "description": "Domain of the company; a URL is reduced to its host. Its homepage is read."},
      "company_name": {"type": ["string", "null"], "description": "Told to the model; the domain is, where it is missing."}
    }
  }'::jsonb;
$$;
comment on function core.homepage_request_schema() is 'JSON Schema of the body of all workflows that read the homepage of a company.';
