create or replace function core.sec_analysis(
  slug text, filing_type text, path text, legacy_function text, description text, document text, reader text, sections text, example text
)
returns void language plpgsql set search_path = '' as $$
begin
  perform etl.raw_family('sec_filing_analysis_payloads', '{
    "domain": "payload.entity_key",
    "company_name": "payload.request ->> ''company_name''",
    "document_url": "payload.request ->> ''document_url''",
    "workflow_slug": "payload.workflow_slug",
    "payload": "payload.request",
    "production": "payload.payload"
  }');
  perform etl.workflow(
    sec_analysis.slug,
    type => 'inference',
    entity => 'company',
    path => sec_analysis.path,
    provider => 'gemini',
    platform => 'gemini',
    payload_type => 'inference',
    legacy_function => sec_analysis.legacy_function,
    description => sec_analysis.description,
    family => 'sec_filing_analysis_payloads',
    key_field => 'domain',
    timeout_seconds => 300,
    refuses => core.refuses_page_url('document_url'),
    request_schema => '{
      "type": "object",
      "required": ["document_url"],
      "properties": {
        "document_url": {"type": "string", "description": "The document of the filing, as sec-filings-fetch gives it."},
        "domain": {"type": ["string", "null"], "description": "Domain of the company. Without one the answer is given, but not stored under a company."},
        "company_name": {"type": ["string", "null"], "description": "Told to the model."}
      }
    }',
    response_schema => core.ingest_response_schema('{
      "filing_type": {"type": "string"},
      "document_url": {"type": "string", "description": "As sent."},
      "domain": {"type": ["string", "null"], "description": "As sent."},
      "company_name": {"type": ["string", "null"], "description": "As sent."},
      "analysis": {"type": "string", "description": "Markdown with one heading per section."}
    }'),
    example => '{"document_url": "https://filings.example/acme/filing.htm", "domain": "acme.example", "company_name": "Acme Example"}'
  );
  perform etl.produces(
    sec_analysis.slug,
    pages => 'select etl.web_url(request ->> ''document_url'') as url from source',
    page_kept_for => '90 days',
    inputs => 'select etl.quoted(nullif(btrim(request ->> ''company_name''), ''''), 500) as company_name, etl.quoted_page(pages -> 0, 100000) as page from source',
    instructions => core.document_reader_rules(),
    prompt => format(
      E'Company: {{company_name}}\n%s, as it was filed with the SEC:\n{{page}}\n\n%s\n\nWrite Markdown with exactly these headings, in this order; the line below each says what belongs there:\n%s\n\n'
      'Only the last section draws conclusions, and only from what the document says. Give amounts with unit, currency and period as the document does. Where it does not say something, write "Not stated" under the heading. '
      'No introduction and no closing words. is_such_a_document: whether this is such a document at all; if not, analysis says in one sentence what it is instead.',
      sec_analysis.document, sec_analysis.reader, sec_analysis.sections
    ),
    answer_schema => '{
      "type": "object",
      "additionalProperties": false,
      "required": ["is_such_a_document", "analysis"],
      "properties": {"is_such_a_document": {"type": "boolean"}, "analysis": {"type": "string", "minLength": 1}}
    }',
    example_production => jsonb_build_object('answer', jsonb_build_object('is_such_a_document', true, 'analysis', sec_analysis.example))
  );
  perform etl.extracts(sec_analysis.slug, 'extracted.sec_filing_analyses', key => '{domain,document_key,filing_type}', as_select => format(
    $sql$
  select domain, md5(request ->> 'document_url') as document_key, request ->> 'document_url' as document_url, %L as filing_type,
         etl.as_text(request -> 'company_name') as company_name, etl.as_text(payload #> '{answer,analysis}') as analysis
    from source
   where etl.as_text(payload #> '{answer,analysis}') is not null
     and coalesce(etl.as_boolean(payload #> '{answer,is_such_a_document}'), true)
    $sql$, sec_analysis.filing_type
  ));
  perform etl.responds(sec_analysis.slug, format(
    E'select source.raw_payload_id, %L as filing_type, request ->> ''document_url'' as document_url, request ->> ''domain'' as domain, request ->> ''company_name'' as company_name,\n'
    '       etl.as_text(payload #> ''{answer,analysis}'') as analysis\n  from source', sec_analysis.filing_type
  ));
end;
$$;
comment on function core.sec_analysis(text, text, text, text, text, text, text, text, text) is
  'Declares the workflow that briefs a sales team from one kind of SEC filing. document: what it is called; reader: for whom and how; sections: headings with what belongs under them; example: an analysis.';
