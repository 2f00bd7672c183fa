select core.sec_analysis('analyze-sec-10k', '10-K',
  path => '/run/companies/gemini/sec-10k-analysis/infer',
  legacy_function => 'analyze_sec_10k',
  description => 'Brief a sales team from the annual report (10-K) of a company.',
  document => 'An annual report (form 10-K)',
  reader => 'A salesperson prepares a call with this company. What should they know from this report? Short and usable: every line must matter in a talk.',
  sections => '## Business overview
two or three sentences: what the company does, and for whom
## Key figures
of the latest fiscal year: revenue, its growth over the year before, net income or loss, cash and cash equivalents
## Strategic priorities
what the company says it will do in the next one to two years
## Risks
the three risk factors that matter most in a sales talk, each in one line
## Technology and infrastructure
systems, platforms, suppliers and plans for them, as far as the report mentions any
## Talking points
two or three ways to open a talk, each tied to something the report says',
  example => E'## Business overview\nAcme Example sells assembly kits for paper rockets to schools.\n## Key figures\nRevenue of $12.1 million in fiscal 2025, up 8%.\n## Strategic priorities\nEnter Canada.\n## Risks\n- The price of paper.\n## Technology and infrastructure\nNot stated\n## Talking points\n- The planned move to Canada.'
);
