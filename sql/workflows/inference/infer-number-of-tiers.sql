select core.pricing_attribute('infer-number-of-tiers', 'number_of_tiers',
  path => '/run/companies/gemini/tier-number-check/infer',
  legacy_function => 'infer_number_of_tiers',
  description => 'Count the tiers that a pricing page gives a price for.',
  question => 'How many different tiers have a price on the page? Count each plan with an amount once, a free plan with the amount 0 included. Leave out plans without an amount ("Contact sales", "Custom"), add-ons, and the same plan for another billing period or currency. Name the counted tiers in the explanation.',
  answers => '{
    "number_of_tiers": {
      "1": "one plan has a price",
      "2": "two",
      "3": "three",
      "4+": "four or more",
      "unknown": "no plan on the page has a price"
    }
  }',
  example => '{"number_of_tiers": "3", "explanation": "Starter, Growth and Scale have prices; Enterprise has none."}'
);
