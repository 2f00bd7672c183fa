select core.sec_analysis('analyze-sec-10q', '10-Q',
  path => '/run/companies/gemini/sec-10q-analysis/infer',
  legacy_function => 'analyze_sec_10q',
  description => 'Brief a sales team from the quarterly report (10-Q) of a company.',
  document => 'A quarterly report (form 10-Q)',
  reader => 'A salesperson follows this company. What is new and timely in this report? Short and usable: leave out what was so before.',
  sections => '## Quarter highlights
two or three sentences: what stands out
## Financial performance
revenue of the quarter, compared with the quarter before and with the same quarter of the year before; changes of guidance, if any
## Recent developments
products, partnerships, initiatives, changes of leadership
## Challenges
what the company names as a difficulty or concern
## Talking points
two or three that fit this moment, each tied to something the report says',
  example => E'## Quarter highlights\nRevenue grew, and a new kit was launched.\n## Financial performance\n$3.2 million, up 4% over the same quarter of 2024; guidance unchanged.\n## Recent developments\nA kit for model planes.\n## Challenges\nThe price of paper.\n## Talking points\n- The launch of the new kit.'
);
