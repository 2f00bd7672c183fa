select core.sec_analysis('analyze-sec-8k-executive', '8-K-executive',
  path => '/run/companies/gemini/sec-8k-executive-analysis/infer',
  legacy_function => 'analyze_sec_8k_executive',
  description => 'Brief a sales team from a report on changes of executives (8-K, item 5.02) of a company.',
  document => 'A current report on departures and appointments of directors and officers (form 8-K, item 5.02)',
  reader => 'A salesperson sells to this company. Who left, who joined, why, and what does it mean for them? Brief.',
  sections => '## Who left
each person with name, title and effective date
## Who joined
each person with name, title, effective date, and background as far as it is given
## Reason
as the report gives it
## What it means for sales
one or two sentences from the facts above: timing, a new decision maker, a time of transition',
  example => E'## Who left\nAda Example, Chief Financial Officer, effective March 1, 2026.\n## Who joined\nBen Example, Chief Financial Officer, effective March 1, 2026; before, treasurer of Globex Example.\n## Reason\nRetirement.\n## What it means for sales\nA new decision maker on spending from March on.'
);
