select core.pricing_attribute('infer-pricing-visibility', 'pricing_visibility',
  path => '/run/companies/gemini/pricing-visibility-check/infer',
  legacy_function => 'infer_pricing_visibility',
  description => 'Decide how openly a company shows its prices, from its pricing page.',
  question => 'How much of what one would pay can be read on the page?',
  answers => '{
    "pricing_visibility": {
      "public": "every tier has an exact amount",
      "partial": "some amounts are there, but not all: a tier without a price (also when only the enterprise tier is on request), or only a price to start from",
      "hidden": "plans or an offer are described, but there is no amount at all: price on request, demo or quote only",
      "unknown": "this is no page about plans and prices (an error, a login, a notice)"
    }
  }',
  example => '{"pricing_visibility": "partial", "explanation": "Starter and Growth have prices, Enterprise reads \"Contact sales\"."}'
);
