-- The old function had no wrapper and so no path: this one follows its siblings.
select core.pricing_attribute('infer-custom-pricing-mentioned', 'custom_pricing_mentioned',
  path => '/run/companies/gemini/custom-pricing-check/infer',
  legacy_function => 'infer_custom_pricing_mentioned',
  description => 'Decide whether a pricing page mentions custom pricing or a talk with sales.',
  question => 'Does the page mention an individually agreed price? Signs are "custom pricing", "tailored plan", "let''s talk", "contact sales", "request a quote" or "price on request" for any plan. A contact for support or general questions is no sign.',
  answers => '{
    "custom_pricing_mentioned": {
      "yes": "an individual price, a quote, or a talk with sales about the price is offered for at least one plan",
      "no": "the page shows plans, and all of them have fixed prices",
      "unknown": "this is no page about plans and prices (an error, a login, a notice), or it cannot be told"
    }
  }',
  example => '{"custom_pricing_mentioned": "yes", "explanation": "The plan \"Enterprise\" reads \"Custom pricing\" with the button \"Contact sales\"."}'
);
