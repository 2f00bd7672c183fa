select etl.provider('sec', base_url => 'https://data.sec.gov', headers => '{"User-Agent": "{{HQ_CONTACT}}"}', max_in_flight => 4, calls_per_minute => 300);
select etl.provider('sec_tickers', base_url => 'https://www.sec.gov', headers => '{"User-Agent": "{{HQ_CONTACT}}"}', max_in_flight => 1, calls_per_minute => 60);

create or replace function core.sec_calls(domain text, results jsonb, call_name text default null, call_path text default null)
returns table (name text, provider text, path text, keep_path text, known jsonb, problem text, code text) language plpgsql stable set search_path = '' as $$
declare
  v_ticker text;
  v_company jsonb;
begin
  if results ? 'company' then
    if call_name is not null then
      return query select call_name, 'sec'::text, format(call_path, results #>> '{company,known,cik}'), null::text, null::jsonb, null::text, null::text;
    end if;
    return;
  end if;

  select upper(public.ticker) into v_ticker from core.company_public as public where public.domain = sec_calls.domain and public.ticker is not null;
  if v_ticker is null then
    return query select null::text, null::text, null::text, null::text, null::jsonb,
      format('No ticker of %s is known. Send it to /run/companies/ticker/ingest first.', sec_calls.domain), 'UNKEY'::text;
    return;
  end if;
  select jsonb_build_object('ticker', info.ticker, 'cik', info.cik, 'sec_company_name', info.sec_company_name) into v_company
    from reference.sec_company_info as info
   where info.match_key = etl.fold(v_ticker)
     and info.cik is not null;
  if v_company is null and not results ? 'tickers' then
    -- The whole list is one file; only the line of this ticker is kept of it.
    return query select 'tickers'::text, 'sec_tickers'::text, '/files/company_tickers.json'::text, format('$.* ? (@.ticker == %s)', to_jsonb(v_ticker)), null::jsonb, null::text, null::text;
    return;
  end if;
  if v_company is null and results #> '{tickers,body,0}' is not null then
    v_company := jsonb_build_object(
      'ticker', v_ticker, 'cik', lpad(results #>> '{tickers,body,0,cik_str}', 10, '0'), 'sec_company_name', results #>> '{tickers,body,0,title}'
    );
  end if;
  if v_company is null then
    return query select null::text, null::text, null::text, null::text, null::jsonb,
      format('The SEC lists no company under the ticker %s of %s.', v_ticker, sec_calls.domain), 'UNKEY'::text;
  else
    return query select 'company'::text, null::text, null::text, null::text, v_company, null::text, null::text;
  end if;
end;
$$;
comment on function core.sec_calls(text, jsonb, text, text) is
  'The calls that a workflow about a public company makes: its number at the SEC by its ticker (from reference.sec_company_info, else from the SEC''s list), then, if call_name is given, call_path with the number in place of %s.';

create or replace function core.sec_request_schema()
returns jsonb language sql immutable parallel safe as $$
  select '{
    "type": "object",
    "required": ["domain"],
    "properties": {"domain": {"type": "string", "description": "Domain of a company whose ticker is known; a URL is reduced to its host."}}
  }'::jsonb;
$$;
comment on function core.sec_request_schema() is 'JSON Schema of the body of all workflows that ask the SEC about a company.';

create or replace function core.extract_sec_company(slug text)
returns void language sql set search_path = '' as $$
  select etl.extracts(slug, 'extracted.sec_companies', key => '{domain}', as_select => $sql$
    select domain, company.known ->> 'ticker' as ticker, company.known ->> 'cik' as cik, company.known ->> 'sec_company_name' as sec_company_name
      from source
     cross join lateral (select payload #> '{results,company,known}' as known) as company
     where company.known ->> 'ticker' is not null
       and company.known ->> 'cik' ~ '^\d{10}$'
  $sql$);
$$;
comment on function core.extract_sec_company(text) is 'Declares that a workflow about a public company notes the number that it was found under.';

create or replace function core.sec_filings(body jsonb, cik text)
returns table (filing_order integer, form_type text, filing_date text, report_date text, accession_number text, document_url text, items text[])
language sql immutable parallel safe set search_path = '' as $$
  select row_number() over (order by item.index)::integer, recent.columns -> 'form' ->> item.index, recent.columns -> 'filingDate' ->> item.index,
         nullif(recent.columns -> 'reportDate' ->> item.index, ''), nullif(recent.columns -> 'accessionNumber' ->> item.index, ''),
         'https://www.sec.gov/Archives/edgar/data/' || ltrim(sec_filings.cik, '0') || '/' || replace(nullif(recent.columns -> 'accessionNumber' ->> item.index, ''), '-', '')
           || '/' || nullif(recent.columns -> 'primaryDocument' ->> item.index, ''),
         array(select btrim(code) from unnest(string_to_array(coalesce(recent.columns -> 'items' ->> item.index, ''), ',')) as code where btrim(code) <> '')
    from (select body #> '{filings,recent}' as columns) as recent
   cross join lateral generate_series(0, case when jsonb_typeof(recent.columns -> 'form') = 'array' then jsonb_array_length(recent.columns -> 'form') else 0 end - 1) as item (index)
   where recent.columns -> 'form' ->> item.index in ('10-K', '10-Q', '8-K');
$$;
comment on function core.sec_filings(jsonb, text) is 'The 10-K, 10-Q and 8-K filings (no amendments) of an answer of the SEC''s submissions API, newest first.';

create or replace function core.sec_briefing(body jsonb, cik text)
returns jsonb language sql immutable parallel safe set search_path = '' as $$
  with filing as (
    select filing.filing_order, filing.form_type, filing.items, jsonb_build_object(
        'filing_date', filing.filing_date, 'report_date', filing.report_date, 'accession_number', filing.accession_number, 'document_url', filing.document_url
      ) || case when filing.form_type = '8-K' then jsonb_build_object('items', array_to_string(filing.items, ',')) else '{}' end as shown
      from core.sec_filings(body, cik) as filing
  ), report as (
    select kind.name, kind.item, coalesce((
        select jsonb_agg(picked.shown order by picked.filing_order)
          from (
            select filing.shown, filing.filing_order
              from filing
             where filing.form_type = '8-K'
               and kind.item = any (filing.items)
             order by filing.filing_order
             limit 5
          ) as picked
      ), '[]') as filings
      from (values ('recent_8k_executive_changes', '5.02'), ('recent_8k_earnings', '2.02'), ('recent_8k_material_contracts', '1.01')) as kind (name, item)
  )
  select jsonb_build_object(
      'latest_10q', (select filing.shown from filing where filing.form_type = '10-Q' order by filing.filing_order limit 1),
      'latest_10k', (select filing.shown from filing where filing.form_type = '10-K' order by filing.filing_order limit 1)
    ) || (select jsonb_object_agg(report.name, report.filings) from report);
$$;
comment on function core.sec_briefing(jsonb, text) is 'The latest 10-Q and 10-K and up to five 8-K each about executives (5.02), earnings (2.02) and contracts (1.01).';

create or replace function core.sec_financials(body jsonb)
returns table (
  period_end date, fiscal_year integer, fiscal_period text, form_type text, filed_date date, accession_number text, revenue numeric, net_income numeric, gross_profit numeric,
  operating_income numeric, total_assets numeric, total_liabilities numeric, stockholders_equity numeric, eps_basic numeric, eps_diluted numeric, operating_cash_flow numeric
) language sql immutable parallel safe set search_path = '' as $$
  with tag (metric, name, rank) as (
    values
      ('revenue', 'Revenues', 1), ('revenue', 'RevenueFromContractWithCustomerExcludingAssessedTax', 2), ('revenue', 'SalesRevenueNet', 3),
      ('revenue', 'RevenueFromContractWithCustomerIncludingAssessedTax', 4), ('net_income', 'NetIncomeLoss', 1), ('net_income', 'NetIncomeLossAvailableToCommonStockholdersBasic', 2),
      ('gross_profit', 'GrossProfit', 1), ('operating_income', 'OperatingIncomeLoss', 1), ('total_assets', 'Assets', 1), ('total_liabilities', 'Liabilities', 1),
      ('stockholders_equity', 'StockholdersEquity', 1), ('stockholders_equity', 'StockholdersEquityIncludingPortionAttributableToNoncontrollingInterest', 2),
      ('eps_basic', 'EarningsPerShareBasic', 1), ('eps_diluted', 'EarningsPerShareDiluted', 1), ('operating_cash_flow', 'NetCashProvidedByUsedInOperatingActivities', 1)
  ), fact as (
    select tag.metric, tag.rank, etl.as_date(item.element -> 'start') as start, etl.as_date(item.element -> 'end') as period_end, etl.as_numeric(item.element -> 'val') as value,
           etl.as_integer(item.element -> 'fy') as fiscal_year, item.element ->> 'fp' as fiscal_period, item.element ->> 'form' as form_type,
           etl.as_date(item.element -> 'filed') as filed_date, item.element ->> 'accn' as accession_number
      from tag
     cross join lateral etl.elements(coalesce(
       body #> array['facts', 'us-gaap', tag.name, 'units', 'USD'], body #> array['facts', 'us-gaap', tag.name, 'units', 'USD/shares']
     )) as item
     where item.element ->> 'form' in ('10-K', '10-Q')
  ), own as (
    -- A filing repeats earlier periods for comparison; only what it says about its own period counts.
    select fact.metric, fact.rank, fact.start, fact.period_end, fact.value, fact.fiscal_year, fact.fiscal_period, fact.form_type, fact.filed_date, fact.accession_number,
           max(fact.period_end) over (partition by fact.accession_number) as filing_end
      from fact
     where fact.period_end is not null
       and fact.fiscal_period is not null
  ), picked as (
    -- Of the tags the first that the filing uses for the period; of a flow the one over the quarter or year itself.
    select distinct on (own.period_end, own.fiscal_period, own.metric) own.period_end, own.fiscal_period, own.metric, own.value, own.fiscal_year, own.form_type, own.filed_date, own.accession_number
      from own
     where own.period_end = own.filing_end
       and (own.start is null or own.period_end - own.start between case own.fiscal_period when 'FY' then 340 else 75 end and case own.fiscal_period when 'FY' then 385 else 105 end)
     order by own.period_end, own.fiscal_period, own.metric, own.rank, own.filed_date, own.accession_number
  )
  select picked.period_end, (array_agg(picked.fiscal_year order by picked.filed_date, picked.accession_number))[1], picked.fiscal_period,
         (array_agg(picked.form_type order by picked.filed_date, picked.accession_number))[1], min(picked.filed_date),
         (array_agg(picked.accession_number order by picked.filed_date, picked.accession_number))[1],
         max(picked.value) filter (where picked.metric = 'revenue'), max(picked.value) filter (where picked.metric = 'net_income'),
         max(picked.value) filter (where picked.metric = 'gross_profit'), max(picked.value) filter (where picked.metric = 'operating_income'),
         max(picked.value) filter (where picked.metric = 'total_assets'), max(picked.value) filter (where picked.metric = 'total_liabilities'),
         max(picked.value) filter (where picked.metric = 'stockholders_equity'), max(picked.value) filter (where picked.metric = 'eps_basic'),
         max(picked.value) filter (where picked.metric = 'eps_diluted'), max(picked.value) filter (where picked.metric = 'operating_cash_flow')
    from picked
   group by picked.period_end, picked.fiscal_period
   order by picked.period_end desc, picked.fiscal_period;
$$;
comment on function core.sec_financials(jsonb) is 'Key figures per reporting period from an answer of the SEC''s company facts API, newest first: one row per period end and fiscal period, from the filing about that period.';
