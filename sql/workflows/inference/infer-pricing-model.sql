select core.pricing_attribute('infer-pricing-model', 'pricing_model',
  path => '/run/companies/gemini/pricing-model-check/infer',
  legacy_function => 'infer_pricing_model',
  description => 'Classify how a company charges, from its pricing page.',
  question => 'What is the price measured by? Look at the unit behind each price ("per user", "per 1,000 requests", "per month") and at what makes one plan cost more than the next.',
  answers => '{
    "pricing_model": {
      "seat_based": "the price is per user, seat, member or agent",
      "usage_based": "the price follows metered consumption: requests, messages, minutes, storage, transactions, credits",
      "flat": "one fixed price for everything, the same for every customer",
      "tiered": "fixed prices in steps whose feature sets differ, not multiplied by seats or consumption",
      "custom": "no list price at all: individual offers only",
      "multiple": "a mix of these, such as a price per seat plus metered consumption",
      "unknown": "the page does not show how the company charges"
    }
  }',
  example => '{"pricing_model": "seat_based", "explanation": "Each plan is priced \"per user per month\"."}'
);
